using System.Globalization;

namespace LlmKit;

/// <summary>Which limit on time a call or an attempt ran into.</summary>
public enum TimeLimit
{
    /// <summary>The call's deadline.</summary>
    Deadline = 0,

    /// <summary>The time one model may take with all its retries.</summary>
    Total,

    /// <summary>The time one attempt may take.</summary>
    Attempt,

    /// <summary>The time to the first content of an answer.</summary>
    FirstContent,

    /// <summary>The time between two updates of a stream.</summary>
    BetweenUpdates,
}

/// <summary>A limit on time expired.</summary>
public sealed class LlmTimeoutException : LlmException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="limit">Which limit.</param>
    /// <param name="after">The limit's length, when it is known.</param>
    /// <param name="model">The registered model's name; <see langword="null"/> for a call's deadline.</param>
    /// <param name="innerException">The cancellation that ended the attempt, if any.</param>
    public LlmTimeoutException(TimeLimit limit, TimeSpan? after, string? model, Exception? innerException = null)
        : base(Describe(limit, after, model), innerException)
    {
        Limit = limit;
        After = after;
        Model = model;
    }

    /// <summary>Gets which limit expired.</summary>
    public TimeLimit Limit { get; }

    /// <summary>Gets the limit's length, when it is known.</summary>
    public TimeSpan? After { get; }

    /// <summary>Gets the registered model's name; <see langword="null"/> for a call's deadline.</summary>
    public string? Model { get; }

    private static string Describe(TimeLimit limit, TimeSpan? after, string? model)
    {
        var who = model is null ? "The call" : $"The model '{model}'";
        var length = after is { } time ? string.Create(CultureInfo.InvariantCulture, $" of {time.TotalSeconds:0.###} seconds") : "";
        return limit switch
        {
            TimeLimit.Deadline => $"{who} reached its deadline{length}. Give it more time (LlmConstraints.Latency, LlmCallOptions.Deadline) or a faster model.",
            TimeLimit.FirstContent when model is null => $"{who} sent no content within the limit{length}. Raise LlmConstraints.FirstContent or use a faster model.",
            TimeLimit.FirstContent => $"{who} sent no content within the limit{length}. Raise ResilienceOptions.FirstContentTimeout or use a faster model.",
            TimeLimit.BetweenUpdates => $"{who} stopped in mid-stream for longer than the limit{length}. Raise ResilienceOptions.BetweenUpdatesTimeout if such pauses are normal.",
            TimeLimit.Attempt => $"{who} did not answer within the limit of one attempt{length}. Raise ResilienceOptions.AttemptTimeout or use a faster model.",
            _ => $"{who} and its retries did not answer within the limit{length}. Raise ResilienceOptions.TotalTimeout or use a faster model.",
        };
    }
}
