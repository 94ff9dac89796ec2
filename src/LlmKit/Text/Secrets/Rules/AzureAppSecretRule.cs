using LlmKit.Text.Scanning;

namespace LlmKit.Text.Secrets.Rules;

/// <summary>Client secrets of Microsoft Entra applications: three characters, a digit, <c>Q~</c>, and 31 to 34 more.</summary>
internal sealed class AzureAppSecretRule() : SecretRule(
    "azure-app-secret", "0Q~", "1Q~", "2Q~", "3Q~", "4Q~", "5Q~", "6Q~", "7Q~", "8Q~", "9Q~")
{
    private const int Lead = 3;
    private const int Least = 31;
    private const int Most = 34;

    public override bool TryMatch(ref TextCursor cursor, int anchor, out TextHit hit)
    {
        hit = default;
        var body = SkipAnchor(ref cursor, anchor);
        if (body < 0 || IsBody(cursor[anchor - Lead - 1]))
            return false;
        for (var i = anchor - Lead; i < anchor; i++)
        {
            if (!IsBody(cursor[i]) || cursor[i] == '-')
                return false;
        }

        var end = body;
        while (end - body <= Most && IsBody(cursor[end]))
            end++;
        // A dot at the end is that of the sentence.
        var length = cursor[end - 1] == '.' ? end - body - 1 : end - body;
        if (length is < Least or > Most || !IsRandom(cursor.Slice(body, length)))
            return false;
        hit = Hit(anchor, body + length, DetectionScore.High);
        return true;
    }

    private static bool IsBody(char c) => Chars.IsWord(c) || c is '~' or '.' or '-';
}
