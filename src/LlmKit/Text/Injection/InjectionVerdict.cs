namespace LlmKit.Text.Injection;

/// <summary>What the phrases of a text say about an attempt to override instructions.</summary>
/// <param name="Score">The sum of the weights of the families found, each counted once; 0 or more.</param>
/// <param name="IsSuspected">Whether the score reaches the threshold of the detector.</param>
/// <param name="Hits">The places, one for each family, ordered by start; they may overlap and never hold the text.</param>
public readonly record struct InjectionVerdict(int Score, bool IsSuspected, IReadOnlyList<TextHit> Hits);
