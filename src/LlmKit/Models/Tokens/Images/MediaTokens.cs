using Microsoft.Extensions.AI;

namespace LlmKit.Models;

/// <summary>What an image, a sound or a file costs: the likely tokens, and those that are most unlikely to be exceeded.</summary>
/// <remarks>
/// A text in a file costs what any text of its length does. The figures for PDF and sound are guesses on the safe side, because pages and seconds are not
/// counted: a page of 2,300 tokens for each 128 KiB, at worst 4,600 for each 64 KiB and 100 pages (platform.claude.com, "PDF support": 1,500 to 3,000
/// tokens of text a page beside its image); 32 tokens for a second of sound (ai.google.dev, "Tokens") of 16 kB, at worst of 4 kB.
/// </remarks>
internal static class MediaTokens
{
    private const string Detail = "detail";
    private const int UsualSide = 1_024;
    private const int KiB = 1_024;
    private const int MostPages = 100;

    public static (long Likely, long Worst) Of(AIContent content, string mediaType, ReadOnlySpan<byte> bytes, ImageTokenRule? rule)
    {
        if (Begins(mediaType, "image/"))
            return Image(bytes, rule ?? ImageTokenRule.Unknown, IsLowDetail(content));
        if (!bytes.IsEmpty && (Begins(mediaType, "text/") || Ends(mediaType, "json") || Ends(mediaType, "xml")))
            return ((bytes.Length + 3) / 4, (bytes.Length + 1) / 2);
        return Begins(mediaType, "audio/") ? (Math.Max(300, bytes.Length / 500), Math.Max(2_000, bytes.Length / 125)) : File(bytes.Length);
    }

    private static (long Likely, long Worst) Image(ReadOnlySpan<byte> bytes, ImageTokenRule rule, bool isLowDetail)
    {
        if (ImageSize.Read(bytes) is not { } size)
            return (rule.TokensOf(UsualSide, UsualSide, isLowDetail), rule.Most);
        var tokens = rule.TokensOf(size.Width, size.Height, isLowDetail);
        // A size that its own file states may be wrong by what the provider makes of it, but never by more than a row of tiles or patches.
        return (tokens, Math.Min(rule.Most, tokens + tokens / 8 + 1));
    }

    private static (long Likely, long Worst) File(long bytes) =>
        (2_300 * Pages(bytes, 128 * KiB), 4_600 * Pages(bytes, 64 * KiB));

    private static long Pages(long bytes, int bytesPerPage) => Math.Clamp((bytes + bytesPerPage - 1) / bytesPerPage, 1, MostPages);

    private static bool IsLowDetail(AIContent content) =>
        content.AdditionalProperties is { } properties && properties.TryGetValue(Detail, out var detail)
        && string.Equals(detail as string ?? detail?.ToString(), "low", StringComparison.OrdinalIgnoreCase);

    private static bool Begins(string mediaType, string with) => mediaType.StartsWith(with, StringComparison.OrdinalIgnoreCase);

    private static bool Ends(string mediaType, string with) => mediaType.EndsWith(with, StringComparison.OrdinalIgnoreCase);
}
