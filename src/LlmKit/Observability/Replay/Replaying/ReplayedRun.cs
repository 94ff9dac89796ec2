using LlmKit.Models;

namespace LlmKit.Observability.Replay;

/// <summary>What came of making a frozen call once.</summary>
public sealed record ReplayedRun
{
    /// <summary>Gets the number of the run, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>Gets the text of the answer; <see langword="null"/> when the call failed.</summary>
    public string? Text { get; init; }

    /// <summary>Gets the tool calls with their arguments in one spelling, a line each; empty when there were none.</summary>
    public string ToolCalls { get; init; } = "";

    /// <summary>Gets what the answer comes to, read by <see cref="ReplayerOptions.Value"/>; <see langword="null"/> when it holds none.</summary>
    public string? Value { get; init; }

    /// <summary>Gets what the call cost in USD; <see langword="null"/> when the client is no pipeline of LlmKit's.</summary>
    public decimal? Cost { get; init; }

    /// <summary>Gets how long the call took.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>Gets the model that answered, by its own name.</summary>
    public string? Model { get; init; }

    /// <summary>Gets the fingerprint of the provider's configuration.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Gets the tokens that the provider reported, in and out.</summary>
    public long? Tokens { get; init; }

    /// <summary>Gets why the call failed: the kind of the model's failure, else the type of the exception; <see langword="null"/> when it did not.</summary>
    public string? Failure { get; init; }

    /// <summary>Gets how far the answer is from the recorded one; <see langword="null"/> when none is known.</summary>
    public DriftLevel? Drift { get; init; }

    /// <summary>Gets the text but for case, white space and closing punctuation.</summary>
    internal string Normalized { get; init; } = "";

    internal static string FailureOf(Exception exception) =>
        exception.GetModelFailure() is { Kind: not ModelFailureKind.Unknown } failure ? failure.Kind.ToString() : exception.GetType().Name;
}
