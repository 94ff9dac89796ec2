using LlmKit.Text.Scanning;

namespace LlmKit.Text.Secrets.Rules;

/// <summary>Forty characters of Base64 shortly behind a word such as "secret", "aws" or "access key": the shape of an AWS secret access key.</summary>
internal sealed class AwsSecretRule() : SecretRule(
    "aws-secret-key", "secret", "Secret", "SECRET", "aws", "Aws", "AWS", "access_key", "access-key", "access key", "accessKey", "AccessKey", "ACCESS_KEY", "Access Key")
{
    private const int Length = 40;
    private const int MaxGap = 40;

    public override bool TryMatch(ref TextCursor cursor, int anchor, out TextHit hit)
    {
        hit = default;
        var position = SkipAnchor(ref cursor, anchor);
        if (position < 0)
            return false;

        for (var gap = position + MaxGap; position < gap;)
        {
            var end = position;
            while (end - position <= Length && SecretClasses.Base64.Contains(cursor[end]))
                end++;
            if (end - position == Length && !Chars.IsWord(cursor[end]) && IsKey(cursor.Slice(position, Length)))
            {
                hit = Hit(position, end, DetectionScore.Medium);
                return true;
            }

            if (end == position && cursor[end] is not ('_' or '-' or ' ' or ':' or '=' or '"' or '\'' or '`' or '>' or '\\' or ','))
                return false;
            if (end - position > Length)
                return false;
            position = Math.Max(end, position + 1);
        }

        return false;
    }

    private static bool IsKey(ReadOnlySpan<char> value) =>
        value.ContainsAnyInRange('0', '9') && value.ContainsAnyInRange('a', 'z') && value.ContainsAnyInRange('A', 'Z') && IsRandom(value);
}
