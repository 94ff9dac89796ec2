using System.Buffers;

namespace LlmKit.Text.Injection;

/// <summary>Tells a phrase that is talked about from one that is meant.</summary>
internal static class DiscussedText
{
    private const int Reach = 160;
    private const int ReachOfReport = 100;

    private static readonly SearchValues<string> s_verbs = SearchValues.Create(
        ["translat", "explain", "analy", "what does", "what is meant", "meaning of", "summari", "classif", "phrase", "sentence", "rewrite",
         "detect", "example", "the word", "the term", "paraphrase", "proofread", "grammar", "prompt injection", "quote", "such as", "called", "attack",
         "übersetz", "erklär", "bedeutet", "tradui", "traduis", "signifie", "traduc", "significa", "traduz", "vertaal", "betekent", "przetłumacz", "prevedi",
         "переведи", "означает", "çevir", "dịch", "giải thích", "翻译", "翻譯", "翻訳", "什么意思", "解释", "번역", "ترجم", "अनुवाद"],
        StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<string> s_reports = SearchValues.Create(
        ["attacker", "adversar", "malicious", "prompt injection", "injected", "jailbreak attempt", "red team"], StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a phrase is quoted in reach of a word that discusses it, follows such a word and a colon, or is reported of an attacker.</summary>
    public static bool IsDiscussed(ReadOnlySpan<char> text, int start, int length)
    {
        var before = text[Math.Max(0, start - Reach)..start];
        var after = text.Slice(start + length, Math.Min(Reach, text.Length - start - length));
        if (IsQuoted(before, after) && (before.ContainsAny(s_verbs) || after.ContainsAny(s_verbs)))
            return true;
        return IsIntroduced(before) ? before.ContainsAny(s_verbs) : IsReported(before);
    }

    private static bool IsQuoted(ReadOnlySpan<char> before, ReadOnlySpan<char> after) =>
        IsOpen(before, '"') && after.Contains('"')
        || IsOpen(before, '`') && after.Contains('`')
        || OpensSingle(before) && after.Contains('\'')
        || before.LastIndexOf('“') > before.LastIndexOf('”') && after.Contains('”')
        || before.LastIndexOf('„') > before.LastIndexOf('“') && after.Contains('“')
        || before.LastIndexOf('«') > before.LastIndexOf('»') && after.Contains('»')
        || before.LastIndexOf('「') > before.LastIndexOf('」') && after.Contains('」');

    private static bool IsOpen(ReadOnlySpan<char> before, char quote) => before.Count(quote) % 2 == 1;

    // An apostrophe inside a word is no quote.
    private static bool OpensSingle(ReadOnlySpan<char> before)
    {
        var index = before.LastIndexOf('\'');
        return index >= 0 && (index == 0 || !char.IsLetterOrDigit(before[index - 1]));
    }

    private static bool IsIntroduced(ReadOnlySpan<char> before) => before.TrimEnd(" \n").EndsWith(':');

    // In the same sentence: what an attacker says is not said by the text.
    private static bool IsReported(ReadOnlySpan<char> before)
    {
        before = before[Math.Max(0, before.Length - ReachOfReport)..];
        var sentence = before[(before.LastIndexOfAny(".!?\n") + 1)..];
        return sentence.ContainsAny(s_reports);
    }
}
