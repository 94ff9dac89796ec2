using LlmKit.Text.Scanning;

namespace LlmKit.Text.Secrets.Rules;

/// <summary>SendGrid keys: <c>SG.</c>, 22 characters, a dot and 43 characters.</summary>
internal sealed class SendGridRule() : SecretRule("sendgrid-key", "SG.")
{
    private const int Id = 22;
    private const int Secret = 43;

    public override bool TryMatch(ref TextCursor cursor, int anchor, out TextHit hit)
    {
        hit = default;
        if (!Chars.IsLeftBoundary(ref cursor, anchor))
            return false;
        var body = SkipAnchor(ref cursor, anchor);
        if (body < 0)
            return false;
        for (var i = 0; i <= Id + Secret; i++)
        {
            var c = cursor[body + i];
            if (i == Id ? c != '.' : !SecretClasses.Url.Contains(c))
                return false;
        }

        var end = body + Id + 1 + Secret;
        if (SecretClasses.Url.Contains(cursor[end]) || !IsRandom(cursor.Slice(body + Id + 1, Secret)))
            return false;
        hit = Hit(anchor, end, DetectionScore.High);
        return true;
    }
}
