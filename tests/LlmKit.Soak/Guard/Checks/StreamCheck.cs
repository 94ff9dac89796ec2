using LlmKit.Soak.Guard.Texts;
using LlmKit.Text;
using LlmKit.Text.Streaming;

namespace LlmKit.Soak.Guard.Checks;

/// <summary>However a text is cut, what is released is the beginning of the redacted whole, and little is held.</summary>
internal static class StreamCheck
{
    public static void Run(GuardCase one)
    {
        var text = one.Draw(HostileText.Draw(one, 25));
        Compare(one, Subjects.Draw(one), text);
    }

    public static void Compare(GuardCase one, TextRedactor redactor, string text)
    {
        var whole = redactor.Redact(text);
        var (stream, released) = Release(one, redactor, text, whole);
        var (uncut, releasedUncut) = Release(one, redactor, text, whole, [text.Length + 1]);
        one.Expect(stream.HasOverflowed == uncut.HasOverflowed, "whether a stream overflows does not depend on the cuts");
        one.Expect(released == releasedUncut, $"what is released does not depend on the cuts{(stream.HasOverflowed ? $", overflow {redactor.OnOverflow}" : "")}");
        if (stream.HasOverflowed)
            return;
        one.Expect(released == whole, "the stream equals the whole");
        one.Expect(stream.Hits.SequenceEqual(redactor.Find(text)), "the stream finds what the whole has");
    }

    private static (StreamRedactor Stream, string Released) Release(GuardCase one, TextRedactor redactor, string text, string whole, int[]? cuts = null)
    {
        cuts ??= HostileText.Cuts(one, text.Length);
        var stream = redactor.OpenStream();
        var released = new System.Text.StringBuilder();
        var isPrefix = true;
        foreach (var piece in HostileText.Pieces(text, cuts))
        {
            var part = stream.Append(piece.AsSpan());
            isPrefix &= stream.HasOverflowed || whole.AsSpan(Math.Min(released.Length, whole.Length)).StartsWith(part);
            released.Append(part);
            one.Expect(stream.Held <= redactor.MaxHoldback, "no more is held than may be");
        }

        one.Expect(isPrefix, "what is released is the beginning of the whole");
        return (stream, released.Append(stream.Complete()).ToString());
    }
}
