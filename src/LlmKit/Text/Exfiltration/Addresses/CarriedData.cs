using System.Buffers;
using LlmKit.Text.Scanning;

namespace LlmKit.Text.Exfiltration.Addresses;

/// <summary>Tells whether an address carries something: a placeholder, a secret, personal data, or a long piece that looks like neither words nor an identifier.</summary>
internal static class CarriedData
{
    private const int LeastPiece = 24;
    private const int MostOfWord = 20;
    private const int MostOfMixedWord = 8;
    private const int MostOfPlaceholder = 40;

    private static readonly SearchValues<char> s_placeholder = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    private static readonly SearchValues<char> s_endsOfLabels = SearchValues.Create("/?#.:");
    private static readonly SearchValues<char> s_endsOfPieces = SearchValues.Create("/?#&=;,");

    private static readonly ISpanDetector[] s_sensitive = [TextDetectors.Secrets, TextDetectors.Email, TextDetectors.PaymentCard, TextDetectors.Iban];

    /// <summary>Whether an address without its scheme carries data, as it is written or once its escapes are undone.</summary>
    public static bool IsIn(string address)
    {
        var plain = Uri.UnescapeDataString(address);
        return HasPlaceholder(plain) || HasPlaceholder(address) || HasLongPiece(address) || IsSensitive(address) || IsSensitive(plain);
    }

    private static bool IsSensitive(string text)
    {
        var hits = new TextHitCollector(DetectionScore.Medium);
        foreach (var detector in s_sensitive)
            detector.Scan(text, 0, ref hits);
        return hits.Count > 0;
    }

    // The grammar of placeholders: "[EMAIL]", "[EMAIL_1]".
    private static bool HasPlaceholder(ReadOnlySpan<char> text)
    {
        for (var open = text.IndexOf('['); open >= 0; open = text.IndexOf('['))
        {
            text = text[(open + 1)..];
            var close = text.IndexOf(']');
            if (close is >= 2 and <= MostOfPlaceholder && char.IsAsciiLetterUpper(text[0]) && !text[..close].ContainsAnyExcept(s_placeholder))
                return true;
        }

        return false;
    }

    private static bool HasLongPiece(ReadOnlySpan<char> address)
    {
        var isHost = true;
        while (!address.IsEmpty)
        {
            var end = address.IndexOfAny(isHost ? s_endsOfLabels : s_endsOfPieces);
            var piece = end < 0 ? address : address[..end];
            if (piece.Length >= LeastPiece && !IsSlug(piece) && Entropy.IsHigh(piece))
                return true;
            isHost &= end >= 0 && address[end] is '.' or ':';
            address = end < 0 ? [] : address[(end + 1)..];
        }

        return false;
    }

    // Words in lower case with hyphens between them: the name of a page.
    private static bool IsSlug(ReadOnlySpan<char> piece)
    {
        foreach (var range in piece.SplitAny("-_."))
        {
            var word = piece[range];
            var isPlain = !word.ContainsAnyExceptInRange('a', 'z');
            var isMixed = !isPlain && IsLowerOrDigits(word);
            if (word.Length > (isPlain ? MostOfWord : isMixed ? MostOfMixedWord : 0))
                return false;
        }

        return true;
    }

    private static bool IsLowerOrDigits(ReadOnlySpan<char> word)
    {
        foreach (var c in word)
        {
            if (!char.IsAsciiLetterLower(c) && !Chars.IsDigit(c))
                return false;
        }

        return true;
    }
}
