namespace LlmKit.Text.Injection.Phrases;

/// <summary>Sets of words in a row, with a bounded number of other words between them.</summary>
/// <param name="Rule">The index of its rule.</param>
/// <param name="Sets">The indices of the sets, first to last.</param>
/// <param name="Gaps">For each set but the last, how many other words may stand before the next.</param>
/// <param name="Unless">The set of which no word may stand just before, or -1.</param>
internal sealed record Phrase(int Rule, int[] Sets, int[] Gaps, int Unless);
