namespace LlmKit.Soak.Guard.Checks;

/// <summary>The least processor time that a work took on a text and on twice the text, of several times.</summary>
internal readonly record struct Growth(TimeSpan Once, TimeSpan Twice)
{
    private const double MostRatio = 2.6;
    private const int MostTimes = 40;

    // What takes so long altogether has had its chance.
    private static readonly TimeSpan s_much = TimeSpan.FromSeconds(20);

    public double Ratio => Twice / Once;

    public bool IsLinear => Ratio <= MostRatio;

    /// <summary>Measures so many times, or until the longer text took no longer than what counts for nothing.</summary>
    /// <remarks>Where that looks worse than linear it goes on: a machine that ran fast for one length and slow for the other comes to run fast for both.</remarks>
    public static Growth Of(Action<string> run, string once, string twice, int times, TimeSpan nothing = default)
    {
        var growth = new Growth(TimeSpan.MaxValue, TimeSpan.MaxValue);
        var spent = TimeSpan.Zero;
        for (var i = 0; i < times || (!growth.IsLinear && i < MostTimes && spent < s_much); i++)
        {
            var (one, two) = (Measure(run, once), Measure(run, twice));
            spent += one + two;
            growth = new(Least(growth.Once, one), Least(growth.Twice, two));
            if (growth.Twice < nothing)
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
