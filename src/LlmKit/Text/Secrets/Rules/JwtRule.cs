using System.Buffers.Text;
using LlmKit.Text.Scanning;
using LlmKit.Text.Streaming;

namespace LlmKit.Text.Secrets.Rules;

/// <summary>JSON Web Tokens (RFC 7519): a header that decodes to an object with <c>alg</c>, and a second part that is an object or encrypted.</summary>
internal sealed class JwtRule() : SecretRule("jwt", "eyJ")
{
    private const int MaxHeader = 640;
    private const int LeastPayload = 8;

    private static readonly DottedTail s_tail = new();

    public override bool TryMatch(ref TextCursor cursor, int anchor, out TextHit hit)
    {
        hit = default;
        if (!Chars.IsLeftBoundary(ref cursor, anchor) || cursor[anchor - 1] == '-' || SkipAnchor(ref cursor, anchor) < 0)
            return false;

        var dot = anchor;
        while (dot - anchor < MaxHeader && SecretClasses.Url.Contains(cursor[dot]))
            dot++;
        if (cursor[dot] != '.' || !IsHeader(cursor.Slice(anchor, dot - anchor), out var encrypted))
            return false;

        var payload = dot + 1;
        if (encrypted ? cursor[payload] != '.' && !SecretClasses.Url.Contains(cursor[payload]) : !cursor.StartsWith(payload, "eyJ"))
            return false;
        var end = payload;
        while (end - payload < LeastPayload && (SecretClasses.Url.Contains(cursor[end]) || (encrypted && cursor[end] == '.')))
            end++;
        if (end - payload < LeastPayload)
            return false;
        hit = Hit(anchor, s_tail.Extend(ref cursor, end), DetectionScore.High, s_tail);
        return true;
    }

    private static bool IsHeader(ReadOnlySpan<char> part, out bool encrypted)
    {
        encrypted = false;
        Span<byte> json = stackalloc byte[MaxHeader];
        if (!Base64Url.IsValid(part) || !Base64Url.TryDecodeFromChars(part, json, out var written))
            return false;
        var header = json[..written];
        encrypted = header.IndexOf("\"enc\""u8) >= 0;
        return header.IndexOf("\"alg\""u8) >= 0;
    }

    // A dot belongs to the token only if another part follows it; else it ends the sentence.
    private sealed class DottedTail : UnboundedTail
    {
        protected override int Follow(ref TextCursor cursor, int position)
        {
            while (SecretClasses.Url.Contains(cursor[position])
                || (cursor[position] == '.' && SecretClasses.Url.Contains(cursor[position + 1])))
                position++;
            return position;
        }
    }
}
