namespace LlmKit.Simulator.Metering;

/// <summary>The requests that each model may get in a minute: a full minute's at once, and then as they come back.</summary>
internal sealed class RequestQuota(IDictionary<string, int> perMinute, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Bucket> _buckets = perMinute.ToDictionary(pair => pair.Key, pair => new Bucket { PerMinute = pair.Value, Left = pair.Value, At = clock.GetTimestamp() });

    /// <summary>Counts a request.</summary>
    /// <returns>What is left, or how long to wait when nothing was; <see langword="null"/> for a model without a quota.</returns>
    public (int Left, TimeSpan? Wait)? Take(string model)
    {
        if (!_buckets.TryGetValue(model, out var bucket))
            return null;
        lock (_lock)
        {
            var now = clock.GetTimestamp();
            bucket.Left = Math.Min(bucket.PerMinute, bucket.Left + clock.GetElapsedTime(bucket.At, now).TotalMinutes * bucket.PerMinute);
            bucket.At = now;
            if (bucket.Left < 1)
                return (0, TimeSpan.FromMinutes((1 - bucket.Left) / bucket.PerMinute));
            bucket.Left--;
            return ((int)bucket.Left, null);
        }
    }

    private sealed class Bucket
    {
        public required int PerMinute { get; init; }

        public required double Left { get; set; }

        public required long At { get; set; }
    }
}
