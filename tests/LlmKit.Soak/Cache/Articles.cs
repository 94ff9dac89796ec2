namespace LlmKit.Soak.Cache;

/// <summary>What the answers are about. An article changes, then what was said of it is invalidated, and from then on only the new version may be told.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class Articles
{
    public const int Count = 60;

    private readonly long[] _written = new long[Count];
    private readonly long[] _published = new long[Count];

    /// <summary>Gives the version that a model reads now.</summary>
    public long Read(int article) => Interlocked.Read(ref _written[article]);

    /// <summary>Gives the least version that a call which begins now may be told.</summary>
    public long Published(int article) => Interlocked.Read(ref _published[article]);

    /// <summary>Writes a new version.</summary>
    public long Write(int article) => Interlocked.Increment(ref _written[article]);

    /// <summary>Says that what was made of earlier versions has been invalidated.</summary>
    public void Publish(int article, long version)
    {
        var before = Interlocked.Read(ref _published[article]);
        while (before < version && Interlocked.CompareExchange(ref _published[article], version, before) is var seen && seen != before)
            before = seen;
    }

    public static string TagOf(int article) => $"article:{article}";
}
