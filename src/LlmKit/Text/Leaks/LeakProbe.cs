using LlmKit.Text.Scanning;
using LlmKit.Text.Streaming;

namespace LlmKit.Text.Leaks;

/// <summary>
/// Runs of words that stand in a confidential text in the same order. A run begins with so many words as the text has them, and goes on
/// as long as each next word follows the last one somewhere in the text.
/// </summary>
internal sealed class LeakProbe : ProbeDetector
{
    private const int MaxSpan = 800;
    private const int UnitsOfWord = 3;

    private readonly int _words;
    private readonly HashSet<ulong> _first = [];
    private readonly HashSet<ulong> _pairs = [];
    private readonly HashSet<ulong> _runs = [];
    private readonly PairTail _tail;

    public LeakProbe(IEnumerable<string> confidential, int words)
    {
        _words = words;
        _tail = new PairTail(_pairs);
        foreach (var text in confidential)
        {
            ArgumentNullException.ThrowIfNull(text, nameof(confidential));
            Learn(text);
            Learn(Reversed(text));
        }
    }

    public override string Name => "prompt-leak";

    protected override int Reach => MaxSpan + LeakWord.MaxLength + LeakWord.MaxGap + 4;

    public override void Scan(ReadOnlySpan<char> text, int from, ref TextHitCollector hits)
    {
        if (_runs.Count == 0)
            return;
        var cursor = new TextCursor(text);
        for (var start = NextStart(text, from); start < text.Length; start = NextStart(text, start + 1))
        {
            cursor.ReachedEnd = false;
            if (TryProbe(ref cursor, start, out var hit))
                hits.Add(hit);
        }
    }

    protected override int NextStart(ReadOnlySpan<char> text, int from)
    {
        for (; from < text.Length; from++)
        {
            var isInside = from > 0 && char.IsAsciiLetterOrDigit(text[from]) && char.IsAsciiLetterOrDigit(text[from - 1]);
            if (!isInside && LeakWord.BeginsAt(text, from))
                break;
        }

        return from;
    }

    protected override bool TryProbe(ref TextCursor cursor, int start, out TextHit hit)
    {
        hit = default;
        if (_runs.Count == 0 || !TryReadRun(ref cursor, start, out var end))
            return false;
        // A last word that may still grow must not commit a stream.
        var isCertain = !cursor.ReachedEnd;
        if (isCertain)
            end = _tail.Extend(ref cursor, end);
        hit = new TextHit(Name, "PROMPT_LEAK", start, end - start, DetectionScore.High) { Tail = isCertain ? _tail : null };
        return true;
    }

    // An ideograph tells a third of what a word tells, so a run of them has to be three times as long.
    private bool TryReadRun(ref TextCursor cursor, int start, out int end)
    {
        var (run, previous, units) = (0UL, 0UL, 0);
        end = start;
        for (var count = 1; ; count++)
        {
            if (!LeakWord.TryRead(ref cursor, start, out var word) || word.End - start > MaxSpan)
                return false;
            if (count == 1 ? !_first.Contains(word.Hash) : !_pairs.Contains(LeakWord.Join(previous, word.Hash)))
                return false;
            run = LeakWord.Join(run, word.Hash);
            if (count == _words && !_runs.Contains(run))
                return false;
            units += word.IsIdeograph ? 1 : UnitsOfWord;
            (previous, end) = (word.Hash, word.End);
            if (units >= UnitsOfWord * _words)
                return true;
            if (!LeakWord.TrySkipGap(ref cursor, end, out start))
                return false;
        }
    }

    private static string Reversed(string text) => string.Create(text.Length, text, static (span, source) =>
    {
        source.CopyTo(span);
        span.Reverse();
    });

    private void Learn(string text)
    {
        var cursor = new TextCursor(text);
        List<ulong> words = [];
        for (var start = NextStart(text, 0); start < text.Length;)
        {
            if (LeakWord.TryRead(ref cursor, start, out var word))
                words.Add(word.Hash);
            start = NextStart(text, Math.Max(word.End, start + 1));
        }

        _first.EnsureCapacity(_first.Count + words.Count);
        _pairs.EnsureCapacity(_pairs.Count + words.Count);
        _runs.EnsureCapacity(_runs.Count + words.Count);
        for (var i = 0; i + _words <= words.Count; i++)
        {
            _first.Add(words[i]);
            var run = 0UL;
            for (var k = i; k < i + _words; k++)
                run = LeakWord.Join(run, words[k]);
            _runs.Add(run);
        }

        for (var i = 1; i < words.Count; i++)
            _pairs.Add(LeakWord.Join(words[i - 1], words[i]));
    }

    private sealed class PairTail(HashSet<ulong> pairs) : UnboundedTail
    {
        protected override int Follow(ref TextCursor cursor, int position)
        {
            if (!LeakWord.TryRead(ref cursor, LeakWord.StartOf(ref cursor, position), out var last))
                return position;
            while (LeakWord.TrySkipGap(ref cursor, position, out var start)
                && LeakWord.TryRead(ref cursor, start, out var next)
                && !cursor.ReachedEnd
                && pairs.Contains(LeakWord.Join(last.Hash, next.Hash)))
            {
                (last, position) = (next, next.End);
            }

            return position;
        }
    }
}
