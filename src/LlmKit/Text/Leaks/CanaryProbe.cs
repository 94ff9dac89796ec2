using LlmKit.Text.Injection.Words;
using LlmKit.Text.Scanning;

namespace LlmKit.Text.Leaks;

/// <summary>One token, whatever its case and whatever marks stand between its characters.</summary>
internal sealed class CanaryProbe(string token) : ProbeDetector
{
    private const int MostBetween = 8;
    private const int WideOffset = 0xFEE0;

    private readonly string _firsts = string.Concat(new[] { token[0], char.ToUpperInvariant(token[0]) }.SelectMany(c => new[] { c, (char)(c + WideOffset) }));

    public override string Name => "canary";

    protected override int Reach => (token.Length * (MostBetween + 1)) + 1;

    protected override int NextStart(ReadOnlySpan<char> text, int from)
    {
        if (from >= text.Length)
            return text.Length;
        var offset = text[from..].IndexOfAny(_firsts);
        return offset < 0 ? text.Length : from + offset;
    }

    protected override bool TryProbe(ref TextCursor cursor, int start, out TextHit hit)
    {
        hit = default;
        var position = start;
        foreach (var symbol in token)
        {
            var end = position + MostBetween;
            while (position < end && !cursor.ReachedEnd && !char.IsLetterOrDigit(cursor[position]))
                position++;
            var c = cursor[position];
            if (Letters.Fold(new ReadOnlySpan<char>(in c), 0, out _) != symbol)
                return false;
            position++;
        }

        hit = new TextHit(Name, "PROMPT_LEAK", start, position - start, DetectionScore.High);
        return true;
    }
}
