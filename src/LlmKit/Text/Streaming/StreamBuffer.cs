using LlmKit.Text.Hidden;

namespace LlmKit.Text.Streaming;

/// <summary>The text of a stream that is still needed: what is held back, and a little of what was released, for context.</summary>
/// <remarks>It keeps the text as it stands and, from the first invisible or wide character on, beside it as it is seen.</remarks>
internal sealed class StreamBuffer
{
    private char[] _raw = new char[256];
    private char[]? _visible;
    private int[] _indices = [];
    private int _visibleLength;
    private int _visibleReleased;

    /// <summary>The index in the stream of the first character kept.</summary>
    public int Offset { get; private set; }

    /// <summary>The index in the buffer up to which the text was released.</summary>
    public int Released { get; private set; }

    public int Length { get; private set; }

    public int Held => Length - Released;

    /// <summary>The text as it stands.</summary>
    public ReadOnlySpan<char> Text => _raw.AsSpan(0, Length);

    /// <summary>The text as it is seen.</summary>
    public ReadOnlySpan<char> Visible => _visible is null ? Text : _visible.AsSpan(0, _visibleLength);

    public void Append(ReadOnlySpan<char> text)
    {
        if (_visible is null && Ignorable.IndexOfFirst(text) >= 0)
            Part();
        Grow(ref _raw, Length + text.Length);
        text.CopyTo(_raw.AsSpan(Length));
        if (_visible is not null)
            AppendVisible(text);
        Length += text.Length;
    }

    /// <summary>The index in the text of a character of the visible one; the end of the text for the end.</summary>
    public int IndexOf(int visible) =>
        _visible is null ? visible : visible < _visibleLength ? _indices[visible] - Offset : Length;

    /// <summary>The index in the text behind the last of some visible characters.</summary>
    public int EndOf(int visible) => _visible is null ? visible : _indices[visible - 1] - Offset + 1;

    /// <summary>A match of the visible text in the text.</summary>
    public TextHit InText(in TextHit hit)
    {
        if (_visible is null)
            return hit;
        var start = IndexOf(hit.Start);
        return hit with { Start = start, Length = EndOf(hit.End) - start, Lead = start - IndexOf(hit.Start - hit.Lead) };
    }

    /// <summary>The first visible character at an index of the text or behind it.</summary>
    public int VisibleIndexOf(int index)
    {
        if (_visible is null)
            return index;
        var found = Array.BinarySearch(_indices, 0, _visibleLength, index + Offset);
        return found < 0 ? ~found : found;
    }

    public void ReleaseTo(int index)
    {
        Released = index;
        while (_visibleReleased < _visibleLength && _indices[_visibleReleased] - Offset < index)
            _visibleReleased++;
    }

    /// <summary>Forgets what no detector may look back to.</summary>
    public void Trim()
    {
        if (_visible is not null && _visibleReleased > 2 * ISpanDetector.MaxLookBehind)
        {
            var seen = _visibleReleased - ISpanDetector.MaxLookBehind;
            _visible.AsSpan(seen, _visibleLength - seen).CopyTo(_visible);
            _indices.AsSpan(seen, _visibleLength - seen).CopyTo(_indices);
            _visibleReleased -= seen;
            _visibleLength -= seen;
        }

        var surplus = Released - ISpanDetector.MaxLookBehind;
        if (surplus <= ISpanDetector.MaxLookBehind)
            return;
        _raw.AsSpan(surplus, Length - surplus).CopyTo(_raw);
        Offset += surplus;
        Released -= surplus;
        Length -= surplus;
    }

    public void Clear()
    {
        (Offset, Released, Length) = (Offset + Length, 0, 0);
        (_visibleReleased, _visibleLength) = (0, 0);
    }

    /// <summary>Begins to keep the visible text apart: so far both are the same.</summary>
    private void Part()
    {
        _visible = _raw.AsSpan().ToArray();
        _indices = new int[_visible.Length];
        (_visibleLength, _visibleReleased) = (Length, Released);
        for (var i = 0; i < Length; i++)
            _indices[i] = Offset + i;
    }

    private void AppendVisible(ReadOnlySpan<char> text)
    {
        Grow(ref _visible!, _visibleLength + text.Length);
        Grow(ref _indices, _visibleLength + text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var previous = i > 0 ? text[i - 1] : Length > 0 ? _raw[Length - 1] : '\0';
            if (Ignorable.IsIgnorable(text[i]) || Ignorable.IsSecondHalf(previous, text[i]))
                continue;
            _visible![_visibleLength] = Ignorable.Fold(text[i]);
            _indices[_visibleLength++] = Offset + Length + i;
        }
    }

    private static void Grow<T>(ref T[] array, int length)
    {
        if (length > array.Length)
            Array.Resize(ref array, Math.Max(2 * array.Length, length));
    }
}
