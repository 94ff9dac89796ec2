namespace LlmKit.Models;

/// <summary>Learns by what each kind of tokens must be multiplied, from sums of them: recursive least squares that forgets.</summary>
/// <remarks>
/// The shares of a sum's kinds are the inputs and the ratio of the real sum to the estimated one is the target, so that calls count alike whatever
/// their size. Each new sum moves the factors of the kinds that it holds, and those most that are least certain. Older ones fade: a hundred
/// calls later a call has a third of its weight. The formulas: S. Haykin, Adaptive Filter Theory, chapter on the RLS algorithm; an error far beyond the
/// usual ones is cut off, after P. Huber. Not thread-safe; the factors may be read while another thread learns, each is whole by itself.
/// </remarks>
internal sealed class FactorRegression
{
    private const int Count = TokenMix.Length;
    private const double Forgetting = 0.99;

    // How wide a factor lies about 1 before anything is known, against how far single calls scatter about the truth: (0.6 / 0.08)².
    private const double Uncertainty = 56;
    private const double LeastFactor = 0.2;
    private const double MostFactor = 8;
    private const double LeastTolerance = 0.1;
    private const double FirstScatter = 0.5;
    private const double DoubtedBy = 8;

    private readonly double[] _factors = [.. Enumerable.Repeat(1.0, Count)];
    private readonly double[] _covariance = new double[Count * Count];
    private double _scatter = FirstScatter;

    public FactorRegression()
    {
        for (var i = 0; i < Count; i++)
            _covariance[i * Count + i] = Uncertainty;
    }

    public double this[int kind] => Volatile.Read(ref _factors[kind]);

    /// <summary>Learns from one sum.</summary>
    /// <param name="mix">The estimated tokens by kind; together more than none.</param>
    /// <param name="ratio">The real tokens for each estimated one.</param>
    /// <returns>Whether the corrected estimate was wrong by far more than usual.</returns>
    public bool Learn(in TokenMix mix, double ratio)
    {
        Span<double> shares = stackalloc double[Count];
        Span<double> gains = stackalloc double[Count];
        var sum = (double)mix.Sum;
        var expected = 0.0;
        for (var i = 0; i < Count; i++)
        {
            shares[i] = mix[i] / sum;
            expected += _factors[i] * shares[i];
        }

        var error = ratio - expected;
        // The less is known of the kinds in this sum, the less an error says that the report is odd.
        var openness = Gain(shares, gains);
        var tolerance = Math.Max(LeastTolerance, 3 * _scatter) * openness;
        var surprise = Math.Clamp(error, -tolerance, tolerance);
        for (var i = 0; i < Count; i++)
            Volatile.Write(ref _factors[i], Math.Clamp(_factors[i] + gains[i] * surprise, LeastFactor, MostFactor));
        _scatter += (Math.Min(Math.Abs(error), tolerance) / openness - _scatter) / 16;
        return Math.Abs(error) > tolerance;
    }

    /// <summary>Makes the factors less certain, so that the next sums move them more.</summary>
    public void Doubt() => Widen(DoubtedBy);

    /// <summary>Finds how far each factor is to move, and narrows what is uncertain about them.</summary>
    /// <returns>By how much more the sum may be off than one whose factors are known: 1 or more.</returns>
    private double Gain(ReadOnlySpan<double> shares, Span<double> gains)
    {
        Span<double> spread = stackalloc double[Count];
        var total = 1.0;
        for (var i = 0; i < Count; i++)
        {
            for (var j = 0; j < Count; j++)
                spread[i] += _covariance[i * Count + j] * shares[j];
            total += spread[i] * shares[i];
        }

        for (var i = 0; i < Count; i++)
            gains[i] = spread[i] / total;
        for (var i = 0; i < Count; i++)
        {
            for (var j = 0; j <= i; j++)
                _covariance[i * Count + j] = _covariance[j * Count + i] = _covariance[i * Count + j] - gains[i] * spread[j];
        }

        Widen(1 / Forgetting);
        return total;
    }

    /// <summary>Widens what is uncertain; no factor becomes more uncertain than it was at the beginning, so that a kind which never comes stays as it is.</summary>
    private void Widen(double by)
    {
        Span<double> scale = stackalloc double[Count];
        for (var i = 0; i < Count; i++)
            scale[i] = Math.Sqrt(Math.Clamp(Uncertainty / _covariance[i * Count + i], 1, by));
        for (var i = 0; i < Count; i++)
        {
            for (var j = 0; j < Count; j++)
                _covariance[i * Count + j] *= scale[i] * scale[j];
        }
    }
}
