using System.Buffers;
using System.Globalization;
using System.Text.Unicode;

namespace LlmKit.Internal;

/// <summary>Writes JSON by hand, texts in whole runs: the encoder of System.Text.Json goes on character by character after the first line break.</summary>
/// <remarks>Half of a surrogate pair becomes U+FFFD. What was written is there after <see cref="End"/>; until then nobody else may write to the buffer.</remarks>
internal ref struct JsonPen(IBufferWriter<byte> to)
{
    private const int MostOfChar = 3;
    private const int MostEscaped = 6;
    private const int MostDigits = 11;
    private static readonly SearchValues<char> Special = SearchValues.Create([.. Enumerable.Range(0, ' ').Select(static code => (char)code), '"', '\\', '\u007f']);

    private Span<byte> _free;
    private int _used;

    /// <summary>Gives how long a character is that must be escaped.</summary>
    public static int LengthOf(char special) => LetterOf(special) == 'u' ? MostEscaped : 2;

    /// <summary>Escapes a character and gives how long it is.</summary>
    public static int Escape(char special, Span<char> to)
    {
        (to[0], to[1]) = ('\\', LetterOf(special));
        if (to[1] == 'u')
            ((int)special).TryFormat(to[2..], out _, "x4", CultureInfo.InvariantCulture);
        return LengthOf(special);
    }

    /// <summary>Writes JSON as it is.</summary>
    public void Raw(ReadOnlySpan<byte> json)
    {
        Reserve(json.Length);
        json.CopyTo(_free[_used..]);
        _used += json.Length;
    }

    /// <summary>Writes a text as a string, with its quotes.</summary>
    public void Text(ReadOnlySpan<char> text)
    {
        Reserve(text.Length + 2);
        _free[_used++] = (byte)'"';
        for (var run = text.IndexOfAny(Special); run >= 0; run = text.IndexOfAny(Special))
        {
            Run(text[..run]);
            Escaped(text[run]);
            text = text[(run + 1)..];
        }

        Run(text);
        Raw("\""u8);
    }

    public void Number(int number)
    {
        Reserve(MostDigits);
        number.TryFormat(_free[_used..], out var written, provider: CultureInfo.InvariantCulture);
        _used += written;
    }

    public void End()
    {
        to.Advance(_used);
        _free = default;
        _used = 0;
    }

    private void Run(ReadOnlySpan<char> run)
    {
        // Nearly all text is ASCII; for the rest there is a second try.
        Reserve(run.Length);
        Utf8.FromUtf16(run, _free[_used..], out var read, out var written);
        _used += written;
        if (read == run.Length)
            return;
        run = run[read..];
        Reserve(run.Length * MostOfChar);
        Utf8.FromUtf16(run, _free[_used..], out _, out written);
        _used += written;
    }

    private void Escaped(char special)
    {
        Reserve(MostEscaped);
        Span<char> escaped = stackalloc char[MostEscaped];
        foreach (var letter in escaped[..Escape(special, escaped)])
            _free[_used++] = (byte)letter;
    }

    private static char LetterOf(char special) =>
        special switch { '"' => '"', '\\' => '\\', '\n' => 'n', '\r' => 'r', '\t' => 't', '\b' => 'b', '\f' => 'f', _ => 'u' };

    private void Reserve(int more)
    {
        if (_free.Length - _used >= more)
            return;
        to.Advance(_used);
        _free = to.GetSpan(more);
        _used = 0;
    }
}
