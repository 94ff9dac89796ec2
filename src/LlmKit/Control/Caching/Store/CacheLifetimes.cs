namespace LlmKit.Control.Caching;

/// <summary>Gives each answer its time to live, up to a tenth more or less, so that answers stored together do not expire together.</summary>
internal sealed class CacheLifetimes(TimeProvider time, Random random)
{
    private const double Spread = 0.1;

    private readonly Lock _lock = new();

    public long Now => time.GetTimestamp();

    public DateTimeOffset UtcNow => time.GetUtcNow();

    public TimeSpan Next(TimeSpan timeToLive)
    {
        double chance;
        lock (_lock)
            chance = random.NextDouble();
        return timeToLive * (1 - Spread + (2 * Spread * chance));
    }
}
