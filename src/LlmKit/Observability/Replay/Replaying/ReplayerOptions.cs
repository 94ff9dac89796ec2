using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Replay;

/// <summary>How a <see cref="Replayer"/> makes calls again.</summary>
public sealed class ReplayerOptions
{
    /// <summary>Gets or sets how often a call is made, for each model.</summary>
    /// <value>1 to 1,000; 5 by default. Each costs what a call costs.</value>
    public int Times { get; set; } = 5;

    /// <summary>Gets or sets how many calls are under way at once.</summary>
    /// <value>1 to 64; 1 by default, so that one call does not slow another down.</value>
    public int Concurrency { get; set; } = 1;

    /// <summary>Gets or sets what changes the options of each call, such as the temperature or the model. It gets a copy.</summary>
    /// <value><see langword="null"/> by default: they are as frozen.</value>
    public Action<ChatOptions>? Configure { get; set; }

    /// <summary>Gets or sets what reads from an answer what it comes to, for the parsed agreement.</summary>
    /// <value><see cref="AnswerValues.Json"/> by default.</value>
    public IAnswerValue Value { get; set; } = AnswerValues.Json;

    /// <summary>Gets or sets how far an answer in a chain may be from the recorded one before that is a divergence.</summary>
    /// <value><see cref="DriftLevel.Formatting"/> by default.</value>
    public DriftLevel Tolerated { get; set; } = DriftLevel.Formatting;

    /// <summary>Gets or sets the clock for latencies.</summary>
    /// <value>The system's by default.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    internal ReplayerOptions Checked()
    {
        if (Times is < 1 or > 1_000)
            throw new ArgumentOutOfRangeException(nameof(Times), Times, $"The number of times '{Times}' is outside 1 to 1,000. Set ReplayerOptions.Times to a number such as 5.");
        if (Concurrency is < 1 or > 64)
            throw new ArgumentOutOfRangeException(nameof(Concurrency), Concurrency, $"The concurrency '{Concurrency}' is outside 1 to 64. Set ReplayerOptions.Concurrency to a number such as 4.");
        if (!Enum.IsDefined(Tolerated))
            throw new ArgumentOutOfRangeException(nameof(Tolerated), Tolerated, $"The tolerated drift '{Tolerated}' is no level. Set ReplayerOptions.Tolerated to one of {string.Join(", ", Enum.GetNames<DriftLevel>())}.");
        if (Value is null || TimeProvider is null)
            throw new ArgumentException($"There is no {(Value is null ? "reader of values" : "clock")}. Set ReplayerOptions.{(Value is null ? nameof(Value) : nameof(TimeProvider))}, or leave it as it is.");
        return this;
    }
}
