namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>One axis of a chart: where a value stands, and which values are named.</summary>
/// <param name="Low">The value at the beginning.</param>
/// <param name="High">The value at the end.</param>
/// <param name="From">The place of the beginning, in the chart's units.</param>
/// <param name="To">The place of the end.</param>
internal sealed record ChartAxis(double Low, double High, double From, double To)
{
    private const int Most = 6;

    public double At(double value) => High == Low ? From : From + ((value - Low) / (High - Low) * (To - From));

    /// <summary>Gives round values that divide the axis: 1, 2 or 5 times a power of ten apart.</summary>
    public IEnumerable<double> Ticks()
    {
        if (!(High > Low))
            return [Low];
        var size = Math.Pow(10, Math.Floor(Math.Log10(High - Low)) - 1);
        double[] steps = [1, 2, 5, 10, 20, 50];
        var step = size * steps.First(times => (High - Low) / (size * times) <= Most);
        var first = (int)Math.Ceiling((Low / step) - 1e-9);
        return Enumerable.Range(0, Most + 2).Select(index => (first + index) * step).TakeWhile(value => value <= High + (step * 1e-9));
    }
}
