using System.Text;
using LlmKit.Text.Placeholders;
using LlmKit.Text.Scanning;

namespace LlmKit.Text.Streaming;

/// <summary>Redacts one stream of text as it arrives, and holds back what may still turn out to be a match.</summary>
/// <remarks>
/// However the text is cut into updates, the released text is the same, and it is that of <see cref="TextRedactor.Redact"/> as long as
/// no candidate stays undecided for more than <see cref="TextRedactorOptions.MaxHoldback"/> characters. Text without a candidate is
/// released at once but for its last word. Nothing is ever released because time has passed. If the stream breaks, do not call
/// <see cref="Complete"/>: the tail that was not checked is then dropped. Not thread-safe: one instance for one stream and one kind
/// of content.
/// </remarks>
public sealed class StreamRedactor
{
    /// <summary>The rule of what is taken out because it stayed undecided for too long.</summary>
    internal const string OverflowRule = "holdback-overflow";

    private readonly TextRedactor _redactor;
    private readonly StringBuilder _output = new();
    private readonly List<TextHit> _found = [];
    private readonly List<TextHit> _hits = [];
    private readonly StreamBuffer _buffer = new();
    private readonly PlaceholderMap _placeholders;
    private readonly Func<TextHit, bool> _stops;
    private SwallowedMatch? _swallowed;
    private bool _swallowsRaw;
    private bool _completed;

    internal StreamRedactor(TextRedactor redactor, PlaceholderMap? placeholders = null)
    {
        (_redactor, _placeholders) = (redactor, placeholders ?? new());
        _stops = hit => redactor.Stops(hit);
    }

    /// <summary>The matches redacted so far, with offsets in the text of the whole stream.</summary>
    public IReadOnlyList<TextHit> Hits => [.. _hits.Select(hit => hit.Bare())];

    /// <summary>The matches redacted so far, with the rules that found them.</summary>
    internal IReadOnlyList<TextHit> Replaced => _hits;

    /// <summary>The match that stopped the text; nothing from its first character on was released, and nothing more is.</summary>
    internal TextHit? StoppedBy { get; private set; }

    /// <summary>Whether an undecided candidate reached the longest hold under <see cref="HoldbackOverflow.Block"/>: nothing more is released.</summary>
    public bool IsBlocked { get; private set; }

    /// <summary>Whether an undecided candidate reached the longest hold.</summary>
    public bool HasOverflowed { get; private set; }

    /// <summary>The number of characters held back, 0 to <see cref="TextRedactorOptions.MaxHoldback"/>.</summary>
    public int Held => _buffer.Held;

    /// <summary>Takes the next piece of the stream; gives the very piece where just that can be released.</summary>
    internal string Append(string piece)
    {
        if (_buffer.Held > 0 || _swallowed is not null)
            return Append(piece.AsSpan());
        var hits = _hits.Count;
        Take(piece);
        if (_buffer.Held == 0 && _output.Length == piece.Length && _hits.Count == hits)
        {
            _output.Clear();
            return piece;
        }

        return TakeOutput();
    }

    /// <summary>Takes the next piece of the stream.</summary>
    /// <param name="delta">The piece, of any length; a surrogate pair may be cut.</param>
    /// <returns>What can be released now; often empty.</returns>
    /// <exception cref="InvalidOperationException">The stream was completed.</exception>
    public string Append(ReadOnlySpan<char> delta)
    {
        Take(delta);
        return TakeOutput();
    }

    /// <summary>Ends the stream cleanly: its end is a boundary, and what was held back is released in redacted form.</summary>
    /// <returns>What remained.</returns>
    /// <exception cref="InvalidOperationException">The stream was completed before.</exception>
    public string Complete()
    {
        ThrowIfCompleted();
        _completed = true;
        if (IsBlocked)
            return string.Empty;
        if (_swallowed is not null)
        {
            Swallow();
            EndSwallow();
        }

        Scan();
        if (StopBefore(_buffer.Length) is { } stop)
            Stop(stop);
        else
            Release(_buffer.Length);
        return TakeOutput();
    }

    private void Take(ReadOnlySpan<char> delta)
    {
        ThrowIfCompleted();
        // In slices that never overfill the hold, so that an overflow does not depend on how the text was cut.
        while (!delta.IsEmpty && !IsBlocked)
        {
            var slice = Math.Min(delta.Length, _redactor.MaxHoldback - _buffer.Held);
            _buffer.Append(delta[..slice]);
            delta = delta[slice..];
            Advance();
        }
    }

    private void Advance()
    {
        if (_swallowed is not null && !Swallow())
            return;
        while (true)
        {
            Scan();
            var safe = EndOfDecided();
            if (StopBefore(safe) is { } stop)
            {
                Stop(stop);
                return;
            }

            if (CertainAt(safe) is { } certain)
            {
                // The indices move when the text before is released.
                var length = _redactor.ReadsRaw(certain) ? certain.Length : _buffer.VisibleIndexOf(certain.End) - _buffer.VisibleIndexOf(certain.Start);
                Release(safe);
                BeginSwallow(certain, length);
                if (!Swallow())
                    return;
                continue;
            }

            Release(BeforeStraddling(safe));
            if (_buffer.Held < _redactor.MaxHoldback || !Overflow())
                return;
        }
    }

    private void Scan()
    {
        _found.Clear();
        ScanFrom(_buffer.Released);
        for (var looks = 0; looks < CrossingTails.MostLooks && CrossingTails.TryForget(_found, out var from); looks++)
            ScanFrom(from);
        HitMerger.DropBeaten(_found, _stops);
    }

    private void ScanFrom(int from)
    {
        var before = _found.Count;
        var collector = new TextHitCollector(_redactor.MinScore, _found);
        _redactor.ScanVisible(_buffer.Visible, _buffer.VisibleIndexOf(from), ref collector);
        if (_buffer.IsDisguised)
        {
            for (var i = before; i < _found.Count; i++)
                _found[i] = _buffer.InText(_found[i]);
        }

        _redactor.ScanRaw(_buffer.Text, from, ref collector);
    }

    /// <summary>The index before which no match can appear, vanish or change.</summary>
    private int EndOfDecided()
    {
        var safe = EarliestOpen(_buffer.Released);
        // What begins inside a match without an upper length belongs to it, whatever it might become.
        while (_found.FindIndex(hit => hit.Tail is not null && !_redactor.Stops(hit) && hit.Start < safe && hit.End > safe) is >= 0 and var index)
            safe = EarliestOpen(_found[index].End);
        return safe;
    }

    private int EarliestOpen(int from)
    {
        var text = _buffer.Text;
        var open = Math.Min(
            _buffer.IndexOf(_redactor.EarliestOpen(_buffer.Visible, _buffer.VisibleIndexOf(from), raw: false)),
            _redactor.EarliestOpen(text, from, raw: true));
        // The second half of a pair, or of a line end, may still come.
        var halved = open == text.Length && open > from && (char.IsHighSurrogate(text[^1]) || text[^1] == '\r');
        return halved ? open - 1 : open;
    }

    /// <summary>The first match that stops the text, if it is decided. What begins inside a match without an upper length belongs to that.</summary>
    private TextHit? StopBefore(int safe)
    {
        TextHit? first = null;
        foreach (var hit in _found)
        {
            var isCertain = hit.Start < safe || (hit.Start == safe && hit.Tail is not null);
            if (isCertain && _redactor.Stops(hit) && !(hit.Start >= first?.Start) && !IsInsideTail(hit))
                first = hit;
        }

        return first;
    }

    private bool IsInsideTail(TextHit stop)
    {
        foreach (var hit in _found)
        {
            if (hit.Tail is not null && !hit.Yields && !_redactor.Stops(hit) && HitMerger.BeginsInside(stop, hit))
                return true;
        }

        return false;
    }

    private void Stop(TextHit stop)
    {
        // The indices move when the text before is released.
        StoppedBy = stop with { Start = _buffer.Offset + stop.Start };
        _found.RemoveAll(hit => _redactor.Stops(hit));
        Release(BeforeStraddling(stop.Start));
        IsBlocked = true;
        _buffer.Clear();
    }

    private TextHit? CertainAt(int index)
    {
        TextHit? first = null;
        foreach (var hit in _found)
        {
            var isCertain = hit.Tail is not null && hit.Start == index && !_redactor.Stops(hit) && !(hit.Yields && IsStraddled(index));
            if (isCertain && (first is null || HitMerger.Compare(hit, first.Value) < 0))
                first = hit;
        }

        return first;
    }

    private bool IsStraddled(int index)
    {
        foreach (var hit in _found)
        {
            if (!hit.Yields && hit.Start < index && hit.End > index)
                return true;
        }

        return false;
    }

    // A match that reaches beyond the decided text may yet lose to one that begins there. It stays whole, with what introduces it.
    private int BeforeStraddling(int safe)
    {
        var certain = _found.FindAll(hit => hit.Tail is not null && !hit.Yields && !_redactor.Stops(hit) && hit.Start < safe);
        if (certain.Count > 0)
            _found.RemoveAll(hit => hit.Tail is null && certain.Exists(tail => HitMerger.IsSwallowed(hit, tail)));
        for (var moved = true; moved;)
        {
            moved = false;
            foreach (var hit in _found)
            {
                if (hit.Start - hit.Lead < safe && hit.End > safe)
                    (safe, moved) = (hit.Start - hit.Lead, true);
            }
        }

        return safe;
    }

    private void Release(int end)
    {
        _found.RemoveAll(hit => hit.End > end || _redactor.Stops(hit));
        HitMerger.Merge(_found);
        foreach (var hit in _found)
        {
            _output.Append(_buffer.Text[_buffer.Released..hit.Start]);
            Replace(hit with { Start = _buffer.Offset + hit.Start }, _buffer.Text.Slice(hit.Start, hit.Length));
            _buffer.ReleaseTo(hit.End);
        }

        _output.Append(_buffer.Text[_buffer.Released..end]);
        _buffer.ReleaseTo(end);
        _buffer.Trim();
    }

    private void BeginSwallow(TextHit hit, int length)
    {
        _swallowsRaw = _redactor.ReadsRaw(hit);
        _swallowed = new SwallowedMatch(hit with { Start = _buffer.Offset + _buffer.Released }, hit.Tail!, length, _redactor.MaxHoldback);
    }

    /// <summary>Takes what belongs to the match; false while it may go on.</summary>
    private bool Swallow()
    {
        var from = _swallowsRaw ? _buffer.Released : _buffer.VisibleReleased;
        var cursor = new TextCursor(_swallowsRaw ? _buffer.Text : _buffer.Visible);
        var seen = _swallowed!.EndIn(ref cursor, from);
        if (seen > from)
        {
            var end = _swallowsRaw ? seen : _buffer.EndOf(seen);
            _swallowed.Take(_buffer.Text[_buffer.Released..end]);
            _buffer.ReleaseTo(end);
            _buffer.Trim();
        }

        if (cursor.ReachedEnd)
        {
            DropInvisible();
            return false;
        }

        EndSwallow();
        return true;
    }

    // Invisible characters behind a match belong to it if it goes on. Beyond the hold it is not waited for.
    private void DropInvisible()
    {
        if (_buffer.Held < _redactor.MaxHoldback)
            return;
        HasOverflowed = true;
        _swallowed!.Take(_buffer.Text[_buffer.Released..]);
        _buffer.ReleaseTo(_buffer.Length);
        _buffer.Trim();
    }

    private void EndSwallow()
    {
        if (_swallowed is not { } match)
            return;
        _swallowed = null;
        Replace(match.ToHit(), match.Value);
    }

    /// <summary>Applies the policy; true if there may be text left to look at.</summary>
    private bool Overflow()
    {
        HasOverflowed = true;
        switch (_redactor.OnOverflow)
        {
            case HoldbackOverflow.Block:
                IsBlocked = true;
                _buffer.Clear();
                return false;
            case HoldbackOverflow.Release:
                Scan();
                Release(_buffer.Length - (char.IsHighSurrogate(_buffer.Text[^1]) ? 1 : 0));
                return false;
            default:
                BeginSwallow(new TextHit(OverflowRule, "REDACTED", _buffer.Released, _buffer.Held, DetectionScore.High) { Tail = WordTail.Instance, Owner = TextRedactor.Nobody }, _buffer.Visible.Length - _buffer.VisibleReleased);
                return Swallow();
        }
    }

    private void Replace(TextHit hit, ReadOnlySpan<char> value)
    {
        _hits.Add(hit with { Tail = null });
        _redactor.Write(_output, hit, value, _placeholders);
    }

    private string TakeOutput()
    {
        if (_output.Length == 0)
            return string.Empty;
        var released = _output.ToString();
        _output.Clear();
        return released;
    }

    private void ThrowIfCompleted()
    {
        if (_completed)
            throw new InvalidOperationException("The stream is complete. Open a new one for every stream with TextRedactor.OpenStream.");
    }
}
