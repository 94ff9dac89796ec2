using LlmKit.Text.Scanning;

namespace LlmKit.Text.Secrets.Rules;

/// <summary>The signature of an Azure shared access URL: 43 characters or more behind <c>sig=</c>, with an expiry or a version before.</summary>
internal sealed class AzureSignatureRule() : SecretRule("azure-signature", "sig=")
{
    private const int Least = 43;
    private const int Most = 120;
    private const int ContextLength = 120;

    public override bool TryMatch(ref TextCursor cursor, int anchor, out TextHit hit)
    {
        hit = default;
        var body = SkipAnchor(ref cursor, anchor);
        if (body < 0)
            return false;
        var before = cursor.Before(anchor, ContextLength);
        if (!before.Contains("se=", StringComparison.Ordinal) && !before.Contains("sv=", StringComparison.Ordinal))
            return false;

        var end = body;
        while (end - body <= Most && SecretClasses.Percent.Contains(cursor[end]))
            end++;
        if (end - body is < Least or > Most || !IsRandom(cursor.Slice(body, Least)))
            return false;
        hit = Hit(body, end, DetectionScore.High);
        return true;
    }
}
