namespace LlmKit.Calls;

/// <summary>Counts values of any size in steps of a sixteenth of an octave, so that quantiles are right within 5 % in bounded memory. Not thread-safe.</summary>
internal sealed class Spread
{
    private const int StepsPerOctave = 16;
    private const int MostOctaves = 40;

    private readonly SortedDictionary<int, long> _steps = [];

    public long Count { get; private set; }

    public decimal Greatest { get; private set; }

    public void Add(decimal value)
    {
        Count++;
        Greatest = Math.Max(Greatest, value);
        var step = value <= 0 ? -MostOctaves * StepsPerOctave : (int)Math.Ceiling(Math.Log2((double)value) * StepsPerOctave);
        step = Math.Clamp(step, -MostOctaves * StepsPerOctave, MostOctaves * StepsPerOctave);
        _steps[step] = _steps.GetValueOrDefault(step) + 1;
    }

    /// <summary>Gives a value that so great a part does not exceed.</summary>
    public decimal Quantile(double part)
    {
        var wanted = Math.Max(1, (long)Math.Ceiling(part * Count));
        foreach (var (step, count) in _steps)
        {
            wanted -= count;
            if (wanted <= 0)
                return step == -MostOctaves * StepsPerOctave ? 0 : Math.Min(Greatest, (decimal)Math.Pow(2, (double)step / StepsPerOctave));
        }

        return Greatest;
    }
}
