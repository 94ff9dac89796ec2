namespace Evaluate;

/// <summary>Everything that one evaluation found.</summary>
/// <param name="Rows">The rows of the file.</param>
/// <param name="Entities">A score for each entity of the file, ordered by name.</param>
/// <param name="Injection">The score of the injection detector; nothing if the file has no such rows.</param>
/// <param name="CharsPerSecond">UTF-16 code units a second through the whole default rail, on one thread.</param>
internal sealed record GuardResult(int Rows, IReadOnlyList<EntityScore> Entities, InjectionScore? Injection, double CharsPerSecond);
