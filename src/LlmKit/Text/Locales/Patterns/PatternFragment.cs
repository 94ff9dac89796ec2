namespace LlmKit.Text.Locales.Patterns;

/// <summary>A part of a pattern: where it begins and ends, as bits, and whether it may be empty.</summary>
internal readonly record struct PatternFragment(ulong First, ulong Last, bool IsOptional)
{
    public static PatternFragment Empty { get; } = new(0, 0, IsOptional: true);

    public static PatternFragment operator |(PatternFragment a, PatternFragment b) =>
        new(a.First | b.First, a.Last | b.Last, a.IsOptional || b.IsOptional);
}
