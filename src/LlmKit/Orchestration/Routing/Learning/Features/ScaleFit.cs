namespace LlmKit.Orchestration.Routing.Learning.Features;

/// <summary>Finds the scale of numbers in one pass, by Welford's method (Technometrics 4, 1962).</summary>
internal sealed class ScaleFit(int count)
{
    private const double Least = 1e-9;

    private readonly double[] _means = new double[count];
    private readonly double[] _squares = new double[count];
    private int _rows;

    public void Add(ReadOnlySpan<double> numbers)
    {
        _rows++;
        for (var i = 0; i < _means.Length; i++)
        {
            var away = numbers[i] - _means[i];
            _means[i] += away / _rows;
            _squares[i] += away * (numbers[i] - _means[i]);
        }
    }

    /// <summary>Gives the scale. A number that never differs is left where it is.</summary>
    public Scale ToScale() => new(
        _means,
        [.. _squares.Select(square => Math.Sqrt(square / Math.Max(1, _rows)) is var deviation && deviation > Least ? deviation : 1)]);
}
