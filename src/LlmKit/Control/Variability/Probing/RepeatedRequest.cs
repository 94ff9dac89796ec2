namespace LlmKit.Control.Variability.Probing;

/// <summary>What came of asking one request several times. It holds numbers, no texts.</summary>
/// <param name="Number">Its place among the requests, from 0.</param>
/// <param name="Answers">How many answers came; those that failed do not count.</param>
/// <param name="Texts">How many different texts they were.</param>
/// <param name="Values">How many different values they came to.</param>
/// <param name="Disagreement">The share of pairs of answers that came to different values, 0 to 1.</param>
public sealed record RepeatedRequest(int Number, int Answers, int Texts, int Values, double Disagreement);
