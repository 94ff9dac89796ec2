using LlmKit.Internal.Statistics;

namespace LlmKit.Control.Variability.Probing;

/// <summary>On how many requests all repeated answers agreed.</summary>
/// <param name="Agreeing">On how many.</param>
/// <param name="Of">Of how many.</param>
public readonly record struct AgreementRate(int Agreeing, int Of)
{
    /// <summary>Gets the share; <see langword="null"/> of nothing.</summary>
    public double? Rate => Of == 0 ? null : (double)Agreeing / Of;

    /// <summary>Gets the least that the share is likely to be: with <see cref="Upper"/> an interval of 95 % (Clopper and Pearson, 1934).</summary>
    public double Lower => BinomialInterval.TwoSided(Agreeing, Of).Lower;

    /// <summary>Gets the most that the share is likely to be.</summary>
    public double Upper => BinomialInterval.TwoSided(Agreeing, Of).Upper;
}
