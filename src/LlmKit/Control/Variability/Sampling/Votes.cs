namespace LlmKit.Control.Variability.Sampling;

/// <summary>What samples voted for.</summary>
internal sealed class Votes(int majority)
{
    private readonly Dictionary<string, (Sample First, int Count)> _counts = new(StringComparer.Ordinal);

    /// <summary>Gets how many votes the answer has that most gave.</summary>
    public int Most { get; private set; }

    /// <summary>Gets how many votes it still needs.</summary>
    public int Missing => majority - Most;

    /// <summary>Gets the first sample of the answer that a majority gave, or <see langword="null"/>.</summary>
    public Sample? Winner { get; private set; }

    public void Add(Sample sample, string value)
    {
        var (first, count) = _counts.TryGetValue(value, out var known) ? known : (sample, 0);
        _counts[value] = (first, ++count);
        Most = Math.Max(Most, count);
        if (count >= majority)
            Winner ??= first;
    }
}
