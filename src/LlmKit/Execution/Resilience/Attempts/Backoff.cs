namespace LlmKit.Execution.Resilience;

/// <summary>How long to wait before a retry: doubled each time up to a cap, never less than the provider asks for, with jitter on top.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class Backoff
{
    /// <summary>Jitter spreads callers that failed together over up to half of the wait; it only adds, so that a provider's Retry-After is kept to.</summary>
    private const double Spread = 0.5;

    private readonly TimeSpan _base;
    private readonly TimeSpan _max;
    private readonly Func<double> _chance;

    public Backoff(TimeSpan baseDelay, TimeSpan maxDelay, Func<double>? chance)
    {
        _base = baseDelay;
        _max = maxDelay;
        _chance = chance ?? new OwnChance().Next;
    }

    /// <param name="retriesMade">The retries made so far, 0 before the first.</param>
    /// <param name="retryAfter">What the provider asked for after this very attempt.</param>
    public TimeSpan Next(int retriesMade, TimeSpan? retryAfter)
    {
        var doubled = _base * Math.Pow(2, retriesMade);
        var wait = doubled < _max ? doubled : _max;
        var least = retryAfter > wait ? retryAfter.Value : wait;
        return least + wait * (Spread * _chance());
    }

    private sealed class OwnChance
    {
        private readonly Lock _lock = new();
        private readonly Random _random = new();

        public double Next()
        {
            lock (_lock)
                return _random.NextDouble();
        }
    }
}
