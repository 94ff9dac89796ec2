using LlmKit.Integration.Tests.Simulator;
using LlmKit.Models;
using LlmKit.Simulator.Faults;

namespace LlmKit.Integration.Tests.Execution;

/// <summary>One line of the table: a fault, and what it leads to over each SDK, plain and streamed.</summary>
/// <param name="Fault">The fault.</param>
/// <param name="Course">What it leads to.</param>
/// <param name="Kind">How the attempt is classified; <see langword="null"/> where it is an answer.</param>
/// <param name="Status">The status that goes with it.</param>
public sealed record FaultCase(Fault Fault, Course Course, ModelFailureKind? Kind = null, int? Status = null)
{
    public const string TwoChunks = "Dear customer, open the lid at";

    /// <summary>Gets what tells this line from others of the same kind.</summary>
    public string Note { get; init; } = "";

    /// <summary>Gets what differs when a stream is asked for.</summary>
    public Expected? Streamed { get; init; }

    /// <summary>Gets what differs over Anthropic's SDK; where streams differ too, <see cref="Streamed"/> goes before it.</summary>
    public Expected? Anthropic { get; init; }

    /// <summary>Gets what differs in a stream over Anthropic's SDK.</summary>
    public Expected? AnthropicStreamed { get; init; }

    /// <summary>Gets when the provider asks to come again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Gets the text that a good answer has.</summary>
    public string Text { get; init; } = Sample.Answer;

    /// <summary>Gets the text that a caller sees before the stream breaks.</summary>
    public string Shown { get; init; } = "";

    public Expected For(bool openAI, bool streamed) =>
        (openAI, streamed) switch
        {
            (true, false) => null,
            (true, true) => Streamed,
            (false, false) => Anthropic,
            (false, true) => AnthropicStreamed ?? Streamed ?? Anthropic,
        }
        ?? new(Course, Kind, Status);

    public override string ToString() => Note.Length == 0 ? $"{Fault.Kind}" : $"{Fault.Kind} {Note}";
}
