using LlmKit.Calls;

namespace Evaluate;

/// <summary>What one policy reached, as means over the splits; intervals are those of one test part, of 95 %. Nothing where the models are equally good.</summary>
/// <param name="Policy">Its name.</param>
/// <param name="Apgr">The mean gap recovered.</param>
/// <param name="Cpt50">The share of the strong model that recovers half of the gap.</param>
/// <param name="Cpt80">The share that recovers four fifths.</param>
/// <param name="OverLength">How much more than length it recovers, paired split by split.</param>
/// <param name="OverLengthLow">The lower end of the 95 % interval of that over the splits.</param>
internal sealed record RouteResult(string Policy, Interval? Apgr, Interval? Cpt50, Interval? Cpt80, double? OverLength, double? OverLengthLow);
