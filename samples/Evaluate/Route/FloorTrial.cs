namespace Evaluate;

/// <summary>What became of one calibrated threshold on requests that nobody had seen.</summary>
/// <param name="IsMissed">Whether the quality fell below the floor.</param>
/// <param name="StrongShare">The share that went to the strong model.</param>
internal sealed record FloorTrial(bool IsMissed, double StrongShare);
