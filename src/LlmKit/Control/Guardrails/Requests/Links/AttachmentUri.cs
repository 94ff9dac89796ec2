namespace LlmKit.Control.Guardrails;

/// <summary>What an attachment's address says, as texts to look at: who asks, and what is asked for. The host's name is nobody's data.</summary>
internal static class AttachmentUri
{
    private const string Scheme = "://";

    /// <summary>Gives the texts, and where in each the part begins that is looked at; escapes hide nothing.</summary>
    public static IEnumerable<(string Text, int From)> PartsOf(Uri uri)
    {
        var text = uri.OriginalString;
        var end = EndOfAuthority(text);
        if (text.IndexOf('@', 0, end) >= 0)
            yield return (text[..end], 0);
        yield return (text[..end] + Uri.UnescapeDataString(SignedLink.WithoutSignature(text[end..])), end);
    }

    private static int EndOfAuthority(string text)
    {
        var scheme = text.IndexOf(Scheme, StringComparison.Ordinal);
        if (scheme < 0)
            return 0;
        var end = text.AsSpan(scheme + Scheme.Length).IndexOfAny("/?#\\");
        return end < 0 ? text.Length : scheme + Scheme.Length + end;
    }
}
