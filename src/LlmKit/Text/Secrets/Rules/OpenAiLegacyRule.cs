using LlmKit.Text.Scanning;

namespace LlmKit.Text.Secrets.Rules;

/// <summary>OpenAI's keys of old: 20 letters and digits on either side of its mark, which is "OpenAI" in Base64.</summary>
internal sealed class OpenAiLegacyRule() : SecretRule("openai-key", "sk-")
{
    private const string Mark = "T3BlbkFJ";
    private const int Half = 20;

    public override bool TryMatch(ref TextCursor cursor, int anchor, out TextHit hit)
    {
        hit = default;
        if (!Chars.IsLeftBoundary(ref cursor, anchor))
            return false;
        var body = SkipAnchor(ref cursor, anchor);
        if (body < 0 || !IsHalf(ref cursor, body) || !cursor.StartsWith(body + Half, Mark) || !IsHalf(ref cursor, body + Half + Mark.Length))
            return false;
        var end = body + Half + Mark.Length + Half;
        if (SecretClasses.Url.Contains(cursor[end]) || !IsRandom(cursor.Slice(body, end - body)))
            return false;
        hit = Hit(anchor, end, DetectionScore.High);
        return true;
    }

    private static bool IsHalf(ref TextCursor cursor, int start)
    {
        for (var i = 0; i < Half; i++)
        {
            if (!SecretClasses.Alphanumeric.Contains(cursor[start + i]))
                return false;
        }

        return true;
    }
}
