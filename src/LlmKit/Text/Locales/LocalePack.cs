namespace LlmKit.Text.Locales;

/// <summary>The identifiers of one country.</summary>
/// <param name="Country">Its code in ISO 3166-1, two upper-case letters.</param>
/// <param name="Detectors">One detector an entity.</param>
internal sealed record LocalePack(string Country, IReadOnlyList<ISpanDetector> Detectors)
{
    /// <summary>An entity by a pattern, its words, and a checksum that all its shapes share.</summary>
    public static ISpanDetector Id(
        string entity, DetectionScore score, string pattern, Func<ReadOnlySpan<char>, bool>? check, params string[] context) =>
        Id(entity, new IdentifierRule(pattern) { Check = check, Context = context, Score = score });

    /// <summary>An entity whose text is telling when it is written in groups, and needs a word when it is not.</summary>
    public static ISpanDetector Grouped(
        string entity, string grouped, string plain, Func<ReadOnlySpan<char>, bool>? check, params string[] context) =>
        Id(
            entity,
            new IdentifierRule(grouped) { Check = check, Context = context, Score = DetectionScore.Medium },
            new IdentifierRule(plain) { Check = check, Context = context });

    /// <summary>An entity whose checksum was not always kept: with it a match is surer.</summary>
    public static ISpanDetector Checked(
        string entity, DetectionScore score, string pattern, Func<ReadOnlySpan<char>, bool> check, params string[] context) =>
        Id(
            entity,
            new IdentifierRule(pattern) { Check = check, Context = context, Score = score + 1 },
            new IdentifierRule(pattern) { Context = context, Score = score });

    public static ISpanDetector Id(string entity, params IdentifierRule[] rules) => new IdentifierDetector(entity, rules);
}
