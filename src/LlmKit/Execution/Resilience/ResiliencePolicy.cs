using Polly;
using Polly.Retry;

namespace LlmKit.Execution.Resilience;

/// <summary>The settings as the live path uses them: prepared once, immutable.</summary>
internal sealed class ResiliencePolicy
{
    public ResiliencePolicy(ResilienceOptions options, TimeProvider time, bool isOnlyModel)
    {
        MaxRetries = options.MaxRetries;
        MaxRetryAfter = options.MaxRetryAfter;
        RetryShare = MaxRetries > 0 ? options.RetryShare : null;
        RetryFloor = options.RetryFloor;
        TotalTimeout = options.TotalTimeout;
        AttemptTimeout = options.AttemptTimeout;
        FirstContentTimeout = options.FirstContentTimeout;
        BetweenUpdatesTimeout = options.BetweenUpdatesTimeout;
        Backoff = new(options.BaseDelay, options.MaxDelay, options.Randomizer);
        Circuit = options.FailureRatio is { } ratio
            ? new(ratio, options.MinimumThroughput, options.SamplingWindow, BreakOf(options, isOnlyModel), options.HalfOpenProbes, options.ObserveCircuit)
            : null;
        Retries = MaxRetries > 0 ? BuildRetries(MaxRetries, time) : ResiliencePipeline.Empty;
    }

    public int MaxRetries { get; }

    public TimeSpan MaxRetryAfter { get; }

    /// <summary>Gets the part of the model's recent calls that may be repeated, or <see langword="null"/> for no budget.</summary>
    public double? RetryShare { get; }

    public int RetryFloor { get; }

    public TimeSpan? TotalTimeout { get; }

    public TimeSpan? AttemptTimeout { get; }

    public TimeSpan? FirstContentTimeout { get; }

    public TimeSpan? BetweenUpdatesTimeout { get; }

    public Backoff Backoff { get; }

    /// <summary>Gets how the circuit works, or <see langword="null"/> when there is none.</summary>
    public CircuitPolicy? Circuit { get; }

    /// <summary>Gets what repeats attempts and waits between them; whether and how long is decided by the <see cref="ResilienceRun"/>.</summary>
    public ResiliencePipeline Retries { get; }

    public bool DoesNothing => MaxRetries == 0 && Circuit is null
        && TotalTimeout is null && AttemptTimeout is null && FirstContentTimeout is null && BetweenUpdatesTimeout is null;

    /// <param name="options">The settings.</param>
    /// <param name="time">The clock.</param>
    /// <param name="isOnlyModel">Whether there is no other model to ask.</param>
    /// <param name="failures">What is wrong with the settings.</param>
    public static ResiliencePolicy Compile(ResilienceOptions options, TimeProvider time, bool isOnlyModel, List<string> failures)
    {
        var before = failures.Count;
        ResilienceOptionsValidator.Validate(options, failures);
        return new(failures.Count > before ? new() : options, time, isOnlyModel);
    }

    /// <summary>The last resort is never cut off: its circuit half-opens at once.</summary>
    private static TimeSpan BreakOf(ResilienceOptions options, bool isOnlyModel) => options.LastResort ?? isOnlyModel ? TimeSpan.Zero : options.BreakDuration;

    private static ResiliencePipeline BuildRetries(int maxRetries, TimeProvider time) =>
        new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = maxRetries,
                ShouldHandle = static arguments => new(ResilienceRun.Of(arguments.Context).ShouldRetry(arguments.Outcome.Exception, arguments.AttemptNumber)),
                DelayGenerator = static arguments => new(ResilienceRun.Of(arguments.Context).Wait),
                OnRetry = static arguments =>
                {
                    ResilienceRun.Of(arguments.Context).OnRetry(arguments.AttemptNumber);
                    return default;
                },
            })
            .Build();
}
