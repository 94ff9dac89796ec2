namespace LlmKit.Soak.Guard.Checks;

/// <summary>The least processor time that a work took on a text and on twice the text, of several times.</summary>
internal readonly record struct Growth(TimeSpan Once, TimeSpan Twice)
{
    // What takes so long need not be measured often.
    private static readonly TimeSpan s_much = TimeSpan.FromSeconds(2);

    public double Ratio => Twice / Once;

    public bool IsLinear => Ratio <= 2.6;

    /// <summary>Measures so many times, or until the longer text took no longer than what counts for nothing.</summary>
    public static Growth Of(Action<string> run, string once, string twice, int times, TimeSpan nothing = default)
    {
        var growth = new Growth(TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var i = 0; i < times; i++)
        {
            growth = new(Least(growth.Once, Measure(run, once)), Least(growth.Twice, Measure(run, twice)));
            if (growth.Twice < nothing || (i > 1 && growth.Twice > s_much))
                break;
        }

        return growth;
    }

    public static TimeSpan Measure(Action<string> run, string text)
    {
        var begun = ThreadClock.Now;
        run(text);
        return ThreadClock.Now - begun;
    }

    private static TimeSpan Least(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
