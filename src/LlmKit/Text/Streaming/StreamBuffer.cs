namespace LlmKit.Text.Streaming;

/// <summary>The text of a stream that is still needed: what is held back, and a little of what was released, for context.</summary>
internal sealed class StreamBuffer
{
    private char[] _chars = new char[256];

    /// <summary>The index in the stream of the first character kept.</summary>
    public int Offset { get; private set; }

    /// <summary>The index in the buffer up to which the text was released.</summary>
    public int Released { get; private set; }

    public int Length { get; private set; }

    public int Held => Length - Released;

    public ReadOnlySpan<char> Text => _chars.AsSpan(0, Length);

    public void Append(ReadOnlySpan<char> text)
    {
        if (Length + text.Length > _chars.Length)
            Array.Resize(ref _chars, Math.Max(2 * _chars.Length, Length + text.Length));
        text.CopyTo(_chars.AsSpan(Length));
        Length += text.Length;
    }

    public void ReleaseTo(int index) => Released = index;

    /// <summary>Forgets what no detector may look back to.</summary>
    public void Trim()
    {
        var surplus = Released - ISpanDetector.MaxLookBehind;
        if (surplus <= ISpanDetector.MaxLookBehind)
            return;
        _chars.AsSpan(surplus, Length - surplus).CopyTo(_chars);
        Offset += surplus;
        Released -= surplus;
        Length -= surplus;
    }

    public void Clear() => (Offset, Released, Length) = (Offset + Length, 0, 0);
}
