namespace LlmKit;

/// <summary>The rate limits on the callers of a pipeline.</summary>
/// <remarks>Settings: change them only while the pipeline is being configured. Bound from <c>LlmKit:&lt;pipeline&gt;:RateLimits</c>; limits are keyed by name.</remarks>
public sealed class RateLimitOptions
{
    /// <summary>Gets the limits, by name. At least one is needed.</summary>
    public IDictionary<string, RateLimit> Limits { get; } = new Dictionary<string, RateLimit>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets or sets what a limit for each tenant, user, feature or tag does with a call that does not say whose it is.</summary>
    /// <value><see cref="MissingIdentity.Refuse"/> by default.</value>
    public MissingIdentity MissingIdentity { get; set; }

    /// <summary>Gets or sets whether limits only record what they would have refused.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool Observe { get; set; }

    /// <summary>Gets or sets how many calls may wait at a limit for each of its values. The most urgent goes first, see <see cref="LlmCallOptions.Priority"/>.</summary>
    /// <value>0 to 10,000; 0 by default: a call that does not fit is refused at once.</value>
    public int Queue { get; set; }

    /// <summary>Gets or sets the longest wait at a limit. A call's deadline ends it sooner.</summary>
    /// <value>Above zero, at most an hour; 10 seconds by default.</value>
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets how long a call must have waited to stand where a fresh one of the next higher priority stands, so that nobody waits for ever.</summary>
    /// <value>Above zero, at most an hour; 5 seconds by default.</value>
    public TimeSpan AgeAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Limits all calls together.</summary>
    /// <param name="name">The limit's name.</param>
    /// <param name="requests">Calls in a minute.</param>
    /// <param name="tokens">Tokens, input and output, in a minute.</param>
    /// <param name="concurrent">Calls under way at once.</param>
    /// <returns>These options.</returns>
    public RateLimitOptions Global(string name, long? requests = null, long? tokens = null, long? concurrent = null) =>
        Add(name, RateLimitScope.Global, requests, tokens, concurrent);

    /// <summary>Limits the calls for each tenant.</summary>
    /// <param name="name">The limit's name.</param>
    /// <param name="requests">Calls in a minute.</param>
    /// <param name="tokens">Tokens, input and output, in a minute.</param>
    /// <param name="concurrent">Calls under way at once.</param>
    /// <returns>These options.</returns>
    public RateLimitOptions PerTenant(string name, long? requests = null, long? tokens = null, long? concurrent = null) =>
        Add(name, RateLimitScope.Tenant, requests, tokens, concurrent);

    /// <summary>Limits the calls for each user of a tenant.</summary>
    /// <param name="name">The limit's name.</param>
    /// <param name="requests">Calls in a minute.</param>
    /// <param name="tokens">Tokens, input and output, in a minute.</param>
    /// <param name="concurrent">Calls under way at once.</param>
    /// <returns>These options.</returns>
    public RateLimitOptions PerUser(string name, long? requests = null, long? tokens = null, long? concurrent = null) =>
        Add(name, RateLimitScope.User, requests, tokens, concurrent);

    /// <summary>Limits the calls of each feature.</summary>
    /// <param name="name">The limit's name.</param>
    /// <param name="requests">Calls in a minute.</param>
    /// <param name="tokens">Tokens, input and output, in a minute.</param>
    /// <param name="concurrent">Calls under way at once.</param>
    /// <returns>These options.</returns>
    public RateLimitOptions PerFeature(string name, long? requests = null, long? tokens = null, long? concurrent = null) =>
        Add(name, RateLimitScope.Feature, requests, tokens, concurrent);

    /// <summary>Adds a limit, or changes one.</summary>
    /// <param name="name">The limit's name.</param>
    /// <param name="configure">Sets it.</param>
    /// <returns>These options.</returns>
    public RateLimitOptions Limit(string name, Action<RateLimit> configure)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(configure);
        if (!Limits.TryGetValue(name, out var limit))
            Limits[name] = limit = new();
        configure(limit);
        return this;
    }

    private RateLimitOptions Add(string name, RateLimitScope scope, long? requests, long? tokens, long? concurrent)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Limits[name] = new() { Scope = scope, Requests = requests, Tokens = tokens, Concurrent = concurrent };
        return this;
    }
}
