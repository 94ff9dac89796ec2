using LlmKit.Text.Scanning;

namespace LlmKit.Text.Secrets.Rules;

/// <summary>GitHub's tokens: 30 letters and digits and six that are their CRC-32 in base 62. A right checksum makes it certain, a wrong one does not clear it.</summary>
internal sealed class GitHubRule() : SecretRule("github-token", "ghp_", "gho_", "ghu_", "ghs_", "ghr_")
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int Random = 30;
    private const int Checksum = 6;
    private const int Body = Random + Checksum;
    private const uint Polynomial = 0xEDB88320;

    public override bool TryMatch(ref TextCursor cursor, int anchor, out TextHit hit)
    {
        hit = default;
        if (!Chars.IsLeftBoundary(ref cursor, anchor))
            return false;
        var body = SkipAnchor(ref cursor, anchor);
        if (body < 0)
            return false;
        var end = body;
        while (end - body <= Body && SecretClasses.Alphanumeric.Contains(cursor[end]))
            end++;
        if (end - body != Body || !IsRandom(cursor.Slice(body, Body)))
            return false;
        hit = Hit(anchor, end, HasChecksum(cursor.Slice(body, Body)) ? DetectionScore.High : DetectionScore.Medium);
        return true;
    }

    private static bool HasChecksum(ReadOnlySpan<char> body)
    {
        var rest = Crc32(body[..Random]);
        for (var i = Body - 1; i >= Random; i--, rest /= (uint)Digits.Length)
        {
            if (body[i] != Digits[(int)(rest % (uint)Digits.Length)])
                return false;
        }

        return rest == 0;
    }

    // ISO-HDLC, as in zip files.
    private static uint Crc32(ReadOnlySpan<char> text)
    {
        var crc = uint.MaxValue;
        foreach (var c in text)
        {
            crc ^= c;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ Polynomial;
        }

        return ~crc;
    }
}
