using LlmKit.Text.Scanning;

namespace LlmKit.Text.Streaming;

/// <summary>What the detectors have found for good in a stream, and how far they are. All offsets are those of the whole stream.</summary>
/// <remarks>
/// Every detector goes at its own pace: what it has decided is taken once and not looked for again. A match without an upper length is
/// taken as soon as it is certain, and from then on followed by its tail alone, while the detectors go on to read what lies inside it.
/// </remarks>
internal sealed class StreamSearch(TextRedactor redactor, StreamBuffer buffer)
{
    private readonly int[] _from = new int[redactor.Rules.Length];
    private readonly List<TextHit> _found = [];
    private readonly List<GrowingMatch> _growing = [];

    /// <summary>The matches to replace, in no order; those that grow as far as they are known. The reader takes out what it has used.</summary>
    public List<TextHit> Decided { get; } = [];

    /// <summary>The first match that stops the text, as far as it is known.</summary>
    public TextHit? Stop { get; private set; }

    /// <summary>Reads what has arrived, and gives the index before which no match can appear, vanish, change or grow.</summary>
    public int Look()
    {
        Grow();
        var end = buffer.Offset + buffer.Length;
        for (var rule = 0; rule < _from.Length; rule++)
        {
            Look(rule);
            end = Math.Min(end, _from[rule]);
        }

        Grow();
        foreach (var match in _growing)
            end = Math.Min(end, match.End);
        return end;
    }

    /// <summary>Reads what is left up to an index as if the text ended with what has arrived.</summary>
    public void LookAtRest(int end)
    {
        Grow();
        for (var rule = 0; rule < _from.Length; rule++)
        {
            Scan(rule, out _);
            foreach (var hit in _found)
                Take(hit);
            _from[rule] = end;
        }
    }

    /// <summary>Takes all that has arrived for a match that grows on from here, whatever the detectors would have made of it.</summary>
    public void Cover(in TextHit hit)
    {
        foreach (var match in _growing)
            match.GrowTo(hit.End);
        Array.Fill(_from, hit.End);
        Take(hit);
    }

    /// <summary>Lets the matches that grow take everything up to an index.</summary>
    public void GrowTo(int end)
    {
        foreach (var match in _growing)
            match.GrowTo(end);
    }

    /// <summary>Ends the matches that grow: no more text comes.</summary>
    public void EndGrowing()
    {
        Grow();
        foreach (var match in _growing)
            Decided.Add(match.ToHit());
        _growing.Clear();
    }

    /// <summary>The index up to which a stretch reaches with the matches in it that grow; <paramref name="isGrowing"/> tells if there are any.</summary>
    public int ReachOf(in Stretch stretch, out bool isGrowing)
    {
        var (end, grows) = (stretch.End, false);
        foreach (var match in _growing)
        {
            if (match.Start < stretch.End)
                (end, grows) = (Math.Max(end, match.End), true);
        }

        isGrowing = grows;
        return end;
    }

    private void Look(int rule)
    {
        for (var hasTail = true; hasTail;)
        {
            hasTail = false;
            var from = Scan(rule, out var isRaw);
            var text = isRaw ? buffer.Text : buffer.Visible;
            var open = redactor.Rules[rule].Detector.EarliestOpen(text, from);
            var next = buffer.Offset + (isRaw ? open : buffer.IndexOf(open));
            var isTaken = false;
            foreach (var hit in _found)
            {
                var anchor = hit.Start - hit.Lead;
                if (anchor > next || (anchor == next && hit.Tail is null))
                    continue;
                Take(hit);
                hasTail |= hit.Tail is not null;
                isTaken |= anchor == next;
            }

            // A detector that is open there for the sake of this match alone is not asked for it again.
            _from[rule] = isTaken ? buffer.Offset + (isRaw ? open + 1 : buffer.IndexOf(open + 1)) : next;
        }
    }

    /// <summary>Collects what a detector finds in what it has not decided yet, and gives where that begins in the text that it reads.</summary>
    private int Scan(int rule, out bool isRaw)
    {
        var detector = redactor.Rules[rule].Detector;
        isRaw = redactor.Rules[rule].ReadsRaw;
        var from = _from[rule] - buffer.Offset;
        if (!isRaw)
            from = buffer.VisibleIndexOf(from);
        _found.Clear();
        var collector = new TextHitCollector(redactor.MinScore, _found) { Owner = rule, Yields = isRaw };
        detector.Scan(isRaw ? buffer.Text : buffer.Visible, from, ref collector);
        for (var i = 0; i < _found.Count; i++)
        {
            var hit = isRaw ? _found[i] : buffer.InText(_found[i]);
            _found[i] = hit with { Start = buffer.Offset + hit.Start };
        }

        return from;
    }

    private void Take(in TextHit hit)
    {
        if (redactor.Stops(hit))
        {
            if (Stop is not { } stop || HitMerger.ByPlace(hit, stop) < 0)
                Stop = hit;
            return;
        }

        if (hit.Tail is not null)
        {
            foreach (var match in _growing)
            {
                if (match.Covers(hit))
                    return;
            }

            _growing.Add(new(hit, redactor.ReadsRaw(hit)));
        }

        Decided.Add(hit with { Tail = null });
    }

    private void Grow()
    {
        for (var i = _growing.Count - 1; i >= 0; i--)
        {
            if (_growing[i].Grow(buffer))
                continue;
            Decided.Add(_growing[i].ToHit());
            _growing.RemoveAt(i);
        }
    }
}
