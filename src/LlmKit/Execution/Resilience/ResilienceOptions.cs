namespace LlmKit;

/// <summary>How one model's answers are waited for, asked for again, and given up.</summary>
/// <remarks>
/// Settings: change them only while the pipeline is being configured. Bound from <c>LlmKit:&lt;pipeline&gt;:Resilience</c>; configuration
/// wins over code, and an empty value switches a nullable setting off. They hold for each model on its own.
/// </remarks>
public sealed class ResilienceOptions
{
    /// <summary>Gets or sets how often a failed attempt is repeated.</summary>
    /// <value>0 to 10; 2 by default. 0 repeats nothing.</value>
    public int MaxRetries { get; set; } = 2;

    /// <summary>Gets or sets the wait before the first retry; it doubles with each further one.</summary>
    /// <value>0 to <see cref="MaxDelay"/>; 0.5 seconds by default. Jitter adds up to half of the wait and never takes from it.</value>
    public TimeSpan BaseDelay { get; set; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Gets or sets where the doubling stops.</summary>
    /// <value>Up to 5 minutes; 8 seconds by default. A provider's own Retry-After may be longer: see <see cref="MaxRetryAfter"/>.</value>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>Gets or sets the longest Retry-After that is waited for. A model that asks for more fails at once.</summary>
    /// <value>0 to 1 hour; 30 seconds by default.</value>
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets the part of a model's calls that may be repeated, so that an outage does not multiply the load on it. Counted over the last 10 seconds.</summary>
    /// <value>0 to 1; 0.2 by default; <see langword="null"/> for no such limit. What the budget does not allow fails at once, or goes to another model.</value>
    public double? RetryShare { get; set; } = 0.2;

    /// <summary>Gets or sets how many retries in 10 seconds are allowed beside <see cref="RetryShare"/>, however few the calls.</summary>
    /// <value>0 or more; 10 by default.</value>
    public int RetryFloor { get; set; } = 10;

    /// <summary>Gets or sets the time for all attempts and the waits between them: to the answer, or to the first content of a stream.</summary>
    /// <value>Above 0, up to 1 day; 60 seconds by default; <see langword="null"/> for no limit. What bounds a whole stream is the call's deadline.</value>
    public TimeSpan? TotalTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Gets or sets the time for one attempt that is not streamed, from when it is sent: what it waits for before, such as a reservation, does not count.</summary>
    /// <value>Above 0, up to 1 day; 30 seconds by default; <see langword="null"/> for no limit.</value>
    public TimeSpan? AttemptTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets the time to the first content of a stream, in each attempt, from when it is sent. Headers and updates without content do not count as content.</summary>
    /// <value>Above 0, up to 1 day; 20 seconds by default; <see langword="null"/> for no limit.</value>
    public TimeSpan? FirstContentTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Gets or sets how long a stream may be silent once it has given content. The reader's own pauses are not counted.</summary>
    /// <value>Above 0, up to 1 day; 15 seconds by default; <see langword="null"/> for no limit.</value>
    public TimeSpan? BetweenUpdatesTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Gets or sets the part of the attempts in the window that must fail for the circuit to open.</summary>
    /// <value>Above 0, up to 1; 0.5 by default; <see langword="null"/> for no circuit breaker.</value>
    public double? FailureRatio { get; set; } = 0.5;

    /// <summary>Gets or sets how many attempts the window must hold before the circuit may open.</summary>
    /// <value>1 or more; 10 by default.</value>
    public int MinimumThroughput { get; set; } = 10;

    /// <summary>Gets or sets the sliding window over which failures are counted. It slides in tenths.</summary>
    /// <value>0.1 seconds to 1 hour; 30 seconds by default.</value>
    public TimeSpan SamplingWindow { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets how long an open circuit refuses before it lets probes through.</summary>
    /// <value>Above 0, up to 1 day; 15 seconds by default.</value>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Gets or sets how many probes a half-open circuit lets through; all must succeed for it to close.</summary>
    /// <value>1 or more; 1 by default.</value>
    public int HalfOpenProbes { get; set; } = 1;

    /// <summary>Gets or sets whether an open circuit goes on to let as many attempts through as it has probes, one after the other, and refuses only what comes beside them.</summary>
    /// <value>
    /// <see langword="null"/> by default: it does where the pipeline has one model, because there is no other to ask, and the model is found
    /// again with the first call after its return. <see langword="false"/> refuses everything for <see cref="BreakDuration"/>, as with several models.
    /// </value>
    public bool? LastResort { get; set; }

    /// <summary>Gets or sets whether the circuit only records what it would refuse.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool ObserveCircuit { get; set; }

    /// <summary>Gets or sets the source of chance for jitter.</summary>
    /// <value>Gives numbers from 0 to below 1 and is safe to call from any thread; <see langword="null"/> by default: a source of the stage's own.</value>
    public Func<double>? Randomizer { get; set; }
}
