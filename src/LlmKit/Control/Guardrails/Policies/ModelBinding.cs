namespace LlmKit.Control.Guardrails;

/// <summary>Where requests may go that hold some kinds of data.</summary>
/// <param name="Entities">The kinds; none for every kind.</param>
/// <param name="Regions">The regions; <see langword="null"/> for any.</param>
/// <param name="Models">The registered models; <see langword="null"/> for any.</param>
internal sealed record ModelBinding(IReadOnlyList<string> Entities, IReadOnlyList<string>? Regions, IReadOnlyList<string>? Models);
