using System.Text;
using LlmKit.Text.Scanning;

namespace LlmKit.Text.Hidden;

/// <summary>Reads what tag characters and runs of variation selectors spell, so that a caller can search it like any other text.</summary>
/// <remarks>
/// A tag character stands for the ASCII character of its last seven bits, a variation selector for a byte of UTF-8 (U+FE00 to U+FE0F:
/// 0 to 15, U+E0100 to U+E01EF: 16 to 255). What is spelled is shorter than the text, so searching it costs no more than the text did.
/// Linear; nothing is allocated where nothing is hidden.
/// </remarks>
internal static class HiddenText
{
    // Tags may be strewn between visible letters; farther apart they are two messages.
    private const int MaxGap = 16;
    private const int LeastSelectors = 4;

    /// <summary>Gives the messages in a text, ordered by start.</summary>
    public static IReadOnlyList<HiddenMessage> Decode(ReadOnlySpan<char> text)
    {
        List<HiddenMessage>? messages = null;
        var cursor = new TextCursor(text);
        for (var next = NextSpelling(ref cursor, text, 0); next < text.Length; next = NextSpelling(ref cursor, text, next))
        {
            var message = CodePoints.IsTag(CodePoints.At(ref cursor, next)) ? ReadTags(ref cursor, text, next) : ReadSelectors(ref cursor, next);
            if (message.Text.Length > 0)
                (messages ??= []).Add(message);
            next = message.Start + message.Length;
        }

        return messages ?? (IReadOnlyList<HiddenMessage>)[];
    }

    private static int NextSpelling(ref TextCursor cursor, ReadOnlySpan<char> text, int from)
    {
        for (var i = Ignorable.NextIgnorable(text, from); i < text.Length; i = Ignorable.NextIgnorable(text, i))
        {
            var point = CodePoints.At(ref cursor, i);
            if (CodePoints.IsTag(point))
            {
                var flag = CodePoints.Before(ref cursor, i) == CodePoints.BlackFlag ? InvisibleRun.InPlace(ref cursor, i, i) : 0;
                if (flag == 0)
                    return i;
                i += flag;
                continue;
            }

            var selectors = CountSelectors(ref cursor, i, out var end);
            if (selectors >= LeastSelectors)
                return i;
            i = Math.Max(end, i + 1);
        }

        return text.Length;
    }

    private static HiddenMessage ReadTags(ref TextCursor cursor, ReadOnlySpan<char> text, int start)
    {
        var spelled = new StringBuilder();
        var end = start;
        for (var i = start; i < text.Length && i - end <= MaxGap; i = Ignorable.NextIgnorable(text, i + 1))
        {
            var point = CodePoints.At(ref cursor, i);
            if (!CodePoints.IsTag(point))
                continue;
            var letter = (char)(point & 0x7F);
            if (!char.IsControl(letter) || char.IsWhiteSpace(letter))
                spelled.Append(letter);
            end = i + 2;
        }

        return new HiddenMessage(start, end - start, spelled.ToString());
    }

    private static HiddenMessage ReadSelectors(ref TextCursor cursor, int start)
    {
        var bytes = new byte[CountSelectors(ref cursor, start, out var end)];
        for (int i = start, count = 0; i < end; count++)
        {
            var point = CodePoints.At(ref cursor, i);
            bytes[count] = (byte)(point > 0xFFFF ? point - 0xE0100 + 16 : point - 0xFE00);
            i += point > 0xFFFF ? 2 : 1;
        }

        return new HiddenMessage(start, end - start, Encoding.UTF8.GetString(bytes));
    }

    private static int CountSelectors(ref TextCursor cursor, int start, out int end)
    {
        var count = 0;
        for (end = start; CodePoints.At(ref cursor, end) is var point && CodePoints.IsSelector(point); count++)
            end += point > 0xFFFF ? 2 : 1;
        return count;
    }
}
