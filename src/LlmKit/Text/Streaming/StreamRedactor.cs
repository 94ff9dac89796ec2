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
    private readonly MatchedText _matched;
    private readonly List<TextHit> _hits = [];
    private readonly StreamBuffer _buffer = new();
    private readonly StreamSearch _search;
    private readonly PlaceholderMap _placeholders = new();
    private Stretch? _stretch;
    private bool _completed;

    internal StreamRedactor(TextRedactor redactor)
    {
        _redactor = redactor;
        _matched = new(redactor.MaxHoldback);
        _search = new(redactor, _buffer);
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
        if (_buffer.Held > 0 || _stretch is not null)
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
        _search.LookAtRest(EndOfText);
        _search.EndGrowing();
        ReleaseDecided(EndOfText);
        return TakeOutput();
    }

    private int EndOfText => _buffer.Offset + _buffer.Length;

    private int Released => _buffer.Offset + _buffer.Released;

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
        ReleaseDecided(BeforeHalves(_search.Look()));
        if (!IsBlocked && _buffer.Held >= _redactor.MaxHoldback)
            Overflow();
    }

    // The second half of a pair, or of a line end, may still come.
    private int BeforeHalves(int end)
    {
        var isHalved = end == EndOfText && end > Released && (char.IsHighSurrogate(_buffer.Text[^1]) || _buffer.Text[^1] == '\r');
        return isHalved ? end - 1 : end;
    }

    /// <summary>Releases what is decided, up to the first match that stops the text.</summary>
    private void ReleaseDecided(int end)
    {
        if (_search.Stop is not { } stop || stop.Start > end)
        {
            Release(end);
            return;
        }

        Release(stop.Start);
        // A match that reaches just so far may yet turn out to go on, and then it is not released.
        if (_stretch is not { } stretch || _search.ReachOf(stretch, out _) > stop.Start)
            Block(stop);
    }

    private void Block(TextHit stop)
    {
        StoppedBy = stop;
        IsBlocked = true;
        _buffer.Clear();
    }

    private void Release(int end)
    {
        var hits = _search.Decided;
        hits.Sort(HitMerger.ByPlace);
        var next = 0;
        while (TryTakeStretch(hits, end, ref next) && next < hits.Count && hits[next].Start < end)
        {
            Show(hits[next].Start);
            _stretch = new(hits[next++]);
        }

        if (_stretch is null)
            Show(end);
        hits.RemoveRange(0, next);
        _buffer.Trim();
    }

    /// <summary>Takes in what belongs to the open stretch, and replaces it once it has ended; false while it may go on.</summary>
    private bool TryTakeStretch(List<TextHit> hits, int end, ref int next)
    {
        if (_stretch is not { } stretch)
            return true;
        var reach = _search.ReachOf(stretch, out var isGrowing);
        for (; next < hits.Count && hits[next].Start < reach; next++)
        {
            stretch.Join(hits[next]);
            reach = _search.ReachOf(stretch, out isGrowing);
        }

        var part = Math.Min(end, reach);
        _matched.Append(_buffer.Text[_buffer.Released..(part - _buffer.Offset)]);
        _buffer.ReleaseTo(part - _buffer.Offset);
        _stretch = stretch;
        if (isGrowing || reach > end)
            return false;
        Replace(stretch.ToHit());
        return true;
    }

    private void Show(int end)
    {
        _output.Append(_buffer.Text[_buffer.Released..(end - _buffer.Offset)]);
        _buffer.ReleaseTo(end - _buffer.Offset);
    }

    private void Replace(TextHit hit)
    {
        _stretch = null;
        _hits.Add(hit);
        _redactor.Write(_output, hit, _matched.Take(), _placeholders);
    }

    /// <summary>Applies the policy, after which nothing is held but half a pair.</summary>
    private void Overflow()
    {
        HasOverflowed = true;
        if (_search.Stop is { } stop)
        {
            Block(stop);
            return;
        }

        switch (_redactor.OnOverflow)
        {
            case HoldbackOverflow.Block:
                IsBlocked = true;
                _buffer.Clear();
                break;
            case HoldbackOverflow.Release:
                var end = BeforeHalves(EndOfText);
                _search.LookAtRest(end);
                _search.GrowTo(end);
                ReleaseDecided(end);
                break;
            default:
                _search.Cover(new TextHit(OverflowRule, "REDACTED", Released, _buffer.Held, DetectionScore.High) { Tail = WordTail.Instance, Owner = TextRedactor.Nobody });
                Release(EndOfText);
                break;
        }
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
