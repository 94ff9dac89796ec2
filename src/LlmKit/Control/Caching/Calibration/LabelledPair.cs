namespace LlmKit;

/// <summary>Two texts and a person's word on whether one answer serves both.</summary>
/// <remarks>Immutable. The texts are your users' and never appear in an error message of the calibration.</remarks>
/// <param name="A">A text as a user wrote it.</param>
/// <param name="B">Another.</param>
/// <param name="Same">Whether the answer to one is right for the other.</param>
/// <param name="Similarity">
/// The cosine that the embedder in use gives the two, -1 to 1; <see langword="null"/> to have it computed. Recorded cosines of another embedder
/// calibrate that one.
/// </param>
public sealed record LabelledPair(string A, string B, bool Same, double? Similarity = null);
