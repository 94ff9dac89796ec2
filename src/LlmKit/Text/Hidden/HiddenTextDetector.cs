using LlmKit.Text.Scanning;
using LlmKit.Text.Streaming;

namespace LlmKit.Text.Hidden;

/// <summary>Invisible characters that are out of place: text for machines that no reader sees, or marks that change what a reader sees.</summary>
internal sealed class HiddenTextDetector : IReadsRawText
{
    private const string Entity = "HIDDEN";

    private static readonly InvisibleTail s_tail = new();

    public string Name => "hidden-text";

    public void Scan(ReadOnlySpan<char> text, int from, ref TextHitCollector hits)
    {
        var cursor = new TextCursor(text);
        for (var next = Ignorable.NextIgnorable(text, from); next < text.Length;)
            next = Ignorable.NextIgnorable(text, ScanRun(ref cursor, next, from, ref hits, out _));
    }

    public int EarliestOpen(ReadOnlySpan<char> text, int from)
    {
        var cursor = new TextCursor(text);
        var ignored = new TextHitCollector(DetectionScore.High, []);
        for (var next = Ignorable.NextIgnorable(text, from); next < text.Length;)
        {
            next = ScanRun(ref cursor, next, from, ref ignored, out var open);
            if (open >= 0)
                return Math.Max(from, open);
            next = Ignorable.NextIgnorable(text, next);
        }

        return text.Length;
    }

    /// <summary>Reports the hidden part of the run at an index, and gives the index behind the run; <paramref name="open"/> is where it is undecided, or -1.</summary>
    private static int ScanRun(ref TextCursor cursor, int index, int from, ref TextHitCollector hits, out int open)
    {
        cursor.ReachedEnd = false;
        open = -1;
        if (InvisibleRun.LengthAt(ref cursor, index) == 0)
        {
            // Half a pair, of which the other half may make it a tag.
            open = cursor.ReachedEnd ? index : -1;
            return index + 1;
        }

        var position = InvisibleRun.StartOf(ref cursor, index);
        if (position < 0)
            return EndOfRun(ref cursor, index);

        var run = position;
        while (InvisibleRun.LengthAt(ref cursor, position) > 0)
        {
            var kept = InvisibleRun.InPlace(ref cursor, run, position);
            if (cursor.ReachedEnd)
                open = position;
            if (kept == 0)
                return Report(ref cursor, position, from, ref hits, ref open);
            if (InvisibleRun.IsBreak(cursor[position]) && position >= from)
                hits.Add(new TextHit("hidden-break", Entity, position, kept, DetectionScore.Low));
            if (open >= 0)
                return EndOfRun(ref cursor, position + kept);
            position += kept;
        }

        return position;
    }

    private static int Report(ref TextCursor cursor, int start, int from, ref TextHitCollector hits, ref int open)
    {
        var undecided = open >= 0;
        var end = s_tail.Extend(ref cursor, start);
        if (cursor.ReachedEnd && open < 0)
            open = start;
        if (start < from)
        {
            open = -1;
            return end;
        }

        var (rule, score) = RuleOf(CodePoints.At(ref cursor, start));
        hits.Add(new TextHit(rule, Entity, start, end - start, score) { Tail = undecided ? null : s_tail });
        return end;
    }

    private static int EndOfRun(ref TextCursor cursor, int index) => s_tail.Extend(ref cursor, index);

    private static (string Rule, DetectionScore Score) RuleOf(int point)
    {
        if (CodePoints.IsTag(point))
            return ("hidden-tags", DetectionScore.High);
        if (CodePoints.IsSelector(point))
            return ("hidden-selectors", DetectionScore.High);
        return CodePoints.IsBidiControl(point) ? ("hidden-direction", DetectionScore.High) : ("hidden-zero-width", DetectionScore.Medium);
    }

    private sealed class InvisibleTail : UnboundedTail
    {
        protected override int Follow(ref TextCursor cursor, int position)
        {
            while (InvisibleRun.LengthAt(ref cursor, position) is > 0 and var length)
                position += length;
            return position;
        }
    }
}
