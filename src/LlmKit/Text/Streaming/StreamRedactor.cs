using System.Text;
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
    private readonly TextRedactor _redactor;
    private readonly StringBuilder _output = new();
    private readonly List<TextHit> _found = [];
    private readonly List<TextHit> _hits = [];
    private readonly StreamBuffer _buffer = new();
    private SwallowedMatch? _swallowed;
    private bool _completed;

    internal StreamRedactor(TextRedactor redactor) => _redactor = redactor;

    /// <summary>The matches redacted so far, with offsets in the text of the whole stream.</summary>
    public IReadOnlyList<TextHit> Hits => _hits;

    /// <summary>Whether an undecided candidate reached the longest hold under <see cref="HoldbackOverflow.Block"/>: nothing more is released.</summary>
    public bool IsBlocked { get; private set; }

    /// <summary>Whether an undecided candidate reached the longest hold.</summary>
    public bool HasOverflowed { get; private set; }

    /// <summary>The number of characters held back, 0 to <see cref="TextRedactorOptions.MaxHoldback"/>.</summary>
    public int Held => _buffer.Held;

    /// <summary>Takes the next piece of the stream.</summary>
    /// <param name="delta">The piece, of any length; a surrogate pair may be cut.</param>
    /// <returns>What can be released now; often empty.</returns>
    /// <exception cref="InvalidOperationException">The stream was completed.</exception>
    public string Append(ReadOnlySpan<char> delta)
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
        Release(_buffer.Length);
        return TakeOutput();
    }

    private void Advance()
    {
        if (_swallowed is not null && !Swallow())
            return;
        while (true)
        {
            Scan();
            var safe = EndOfDecided();
            if (CertainAt(safe) is { } certain)
            {
                Release(safe);
                BeginSwallow(certain);
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
        var collector = new TextHitCollector(_redactor.MinScore, _found);
        _redactor.Scan(_buffer.Text, _buffer.Released, ref collector);
    }

    /// <summary>The index before which no match can appear, vanish or change.</summary>
    private int EndOfDecided()
    {
        var safe = EarliestOpen(_buffer.Released);
        // What begins inside a match without an upper length belongs to it, whatever it might become.
        while (_found.FindIndex(hit => hit.Tail is not null && hit.Start < safe && hit.End > safe) is >= 0 and var index)
            safe = EarliestOpen(_found[index].End);
        return safe;
    }

    private int EarliestOpen(int from)
    {
        var text = _buffer.Text;
        var open = text.Length;
        foreach (var detector in _redactor.Detectors)
            open = Math.Min(open, detector.EarliestOpen(text, from));
        // The second half of a pair, or of a line end, may still come.
        var halved = open == text.Length && open > from && (char.IsHighSurrogate(text[^1]) || text[^1] == '\r');
        return halved ? open - 1 : open;
    }

    private TextHit? CertainAt(int index)
    {
        foreach (var hit in _found)
        {
            if (hit.Tail is not null && hit.Start == index && index < _buffer.Length)
                return hit;
        }

        return null;
    }

    // A match that reaches beyond the decided text may yet lose to one that begins there. It stays whole, with what introduces it.
    private int BeforeStraddling(int safe)
    {
        var certain = _found.FindAll(hit => hit.Tail is not null && hit.Start < safe);
        if (certain.Count > 0)
            _found.RemoveAll(hit => hit.Tail is null && certain.Exists(other => hit.Start < other.End && other.Start < hit.End));
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
        _found.RemoveAll(hit => hit.End > end);
        HitMerger.Merge(_found);
        foreach (var hit in _found)
        {
            _output.Append(_buffer.Text[_buffer.Released..hit.Start]);
            var value = _buffer.Text.Slice(hit.Start, Math.Min(hit.Length, _redactor.MaxHoldback));
            Replace(hit with { Start = _buffer.Offset + hit.Start }, value);
            _buffer.ReleaseTo(hit.End);
        }

        _output.Append(_buffer.Text[_buffer.Released..end]);
        _buffer.ReleaseTo(end);
        _buffer.Trim();
    }

    private void BeginSwallow(TextHit hit) =>
        _swallowed = new SwallowedMatch(hit with { Start = _buffer.Offset + _buffer.Released }, hit.Tail!, hit.Length, _redactor.MaxHoldback);

    /// <summary>Takes what belongs to the match; false while it may go on.</summary>
    private bool Swallow()
    {
        var start = _buffer.Released;
        var cursor = new TextCursor(_buffer.Text);
        var end = _swallowed!.Extend(ref cursor, start);
        _buffer.ReleaseTo(end);
        _buffer.Trim();
        if (cursor.ReachedEnd)
            return false;
        EndSwallow();
        return true;
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
                BeginSwallow(new TextHit("holdback-overflow", "REDACTED", 0, _buffer.Held, DetectionScore.High) { Tail = WordTail.Instance });
                return Swallow();
        }
    }

    private void Replace(TextHit hit, ReadOnlySpan<char> value)
    {
        _hits.Add(hit.Bare());
        _redactor.Style.Append(_output, hit, value);
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
