namespace Evaluate;

/// <summary>What one policy reached, as means over the splits.</summary>
/// <param name="Policy">Its name.</param>
/// <param name="Apgr">The mean gap recovered; nothing where the models are equally good.</param>
/// <param name="Low">The lower end of the 95 % interval of one test part.</param>
/// <param name="High">The upper end.</param>
/// <param name="Cpt50">The share of the strong model that recovers half of the gap.</param>
/// <param name="Cpt80">The share that recovers four fifths.</param>
/// <param name="OverLength">How much more than length it recovers, paired split by split.</param>
/// <param name="OverLengthLow">The lower end of the 95 % interval of that over the splits.</param>
internal sealed record RouteResult(string Policy, double? Apgr, double? Low, double? High, double? Cpt50, double? Cpt80, double? OverLength, double? OverLengthLow);
