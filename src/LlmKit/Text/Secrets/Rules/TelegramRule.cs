using LlmKit.Text.Scanning;

namespace LlmKit.Text.Secrets.Rules;

/// <summary>The secret half of a Telegram bot token: <c>AA</c> and 33 characters behind a number of eight to ten digits and a colon.</summary>
internal sealed class TelegramRule() : SecretRule("telegram-token", ":AA")
{
    private const int Body = 33;
    private const int MaxNumber = 10;

    public override bool TryMatch(ref TextCursor cursor, int anchor, out TextHit hit)
    {
        hit = default;
        var body = SkipAnchor(ref cursor, anchor);
        if (body < 0)
            return false;
        var digits = 0;
        while (digits <= MaxNumber && Chars.IsDigit(cursor[anchor - 1 - digits]))
            digits++;
        if (digits is < 8 or > MaxNumber)
            return false;

        var end = body;
        while (end - body <= Body && SecretClasses.Url.Contains(cursor[end]))
            end++;
        if (end - body != Body || !IsRandom(cursor.Slice(body, Body)))
            return false;
        hit = Hit(anchor + 1, end, DetectionScore.High);
        return true;
    }
}
