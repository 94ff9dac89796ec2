using LlmKit.Text.Scanning;
using LlmKit.Text.Streaming;

namespace LlmKit.Text.Secrets.Rules;

/// <summary>
/// Private keys in PEM armour (RFC 7468), also with their line ends escaped as in JSON. The armour is certain once 64 characters of
/// the body are there; it ends at its last line, or where the body does if that line is missing.
/// </summary>
internal sealed class PrivateKeyRule() : SecretRule("private-key", Begin)
{
    private const string Begin = "-----BEGIN ";
    private const string End = "-----END ";
    private const string Dashes = "-----";
    private const int MaxLabel = 40;
    private const int MaxPrelude = 400;
    private const int LeastRun = 32;
    private const int LeastBody = 64;

    private static readonly ArmourTail s_tail = new();

    public override bool TryMatch(ref TextCursor cursor, int anchor, out TextHit hit)
    {
        hit = default;
        var label = SkipAnchor(ref cursor, anchor);
        if (label < 0)
            return false;
        var body = EndOfLabel(ref cursor, label);
        if (body < 0 || !cursor.Slice(label, body - label).Contains("PRIVATE KEY", StringComparison.Ordinal))
            return false;
        var certain = EndOfLeastBody(ref cursor, body);
        if (certain < 0)
            return false;
        hit = Hit(anchor, s_tail.Extend(ref cursor, certain), DetectionScore.High, s_tail);
        return true;
    }

    private static int EndOfLabel(ref TextCursor cursor, int start)
    {
        var end = start;
        while (end - start < MaxLabel && (char.IsAsciiLetterUpper(cursor[end]) || cursor[end] == ' '))
            end++;
        return cursor.StartsWith(end, Dashes) ? end + Dashes.Length : -1;
    }

    // Headers such as DEK-Info may come first; the body begins with its first long run.
    private static int EndOfLeastBody(ref TextCursor cursor, int start)
    {
        var (run, position) = (0, start);
        for (; run < LeastRun; position++)
        {
            if (position - start > MaxPrelude || cursor.StartsWith(position, Dashes) || cursor[position] == '\0')
                return -1;
            run = IsBody(cursor[position]) ? run + 1 : 0;
        }

        for (var count = run; count < LeastBody;)
        {
            if (position - start > MaxPrelude + LeastBody)
                return -1;
            var blank = LengthOfBlank(ref cursor, position);
            if (blank == 0 && !IsBody(cursor[position]))
                return -1;
            count += blank == 0 ? 1 : 0;
            position += Math.Max(blank, 1);
        }

        return position;
    }

    private static bool IsBody(char c) => char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '=';

    private static int LengthOfBlank(ref TextCursor cursor, int position) => cursor[position] switch
    {
        ' ' or '\t' or '\r' or '\n' => 1,
        '\\' when cursor[position + 1] is 'n' or 'r' or 't' => 2,
        _ => 0,
    };

    private sealed class ArmourTail : UnboundedTail
    {
        protected override int Follow(ref TextCursor cursor, int position)
        {
            // A dash is no part of the body: the last line was read.
            if (cursor[position - 1] == '-')
                return position;
            while (true)
            {
                if (IsBody(cursor[position]))
                {
                    position++;
                    continue;
                }

                var blank = LengthOfBlank(ref cursor, position);
                if (blank == 0)
                    break;
                position += blank;
            }

            if (!cursor.StartsWith(position, End))
                return position;
            var end = EndOfLabel(ref cursor, position + End.Length);
            return end < 0 ? position : end;
        }
    }
}
