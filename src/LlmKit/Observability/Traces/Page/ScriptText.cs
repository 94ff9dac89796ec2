using System.Buffers;

namespace LlmKit.Observability.Traces;

/// <summary>Makes JSON harmless inside of a script element of HTML.</summary>
internal static class ScriptText
{
    private const byte FirstOfSeparators = 0xE2;
    private static readonly SearchValues<byte> Telling = SearchValues.Create([(byte)'<', (byte)'>', (byte)'&', FirstOfSeparators]);

    /// <summary>Writes JSON with every character escaped that HTML or JavaScript could take for more than text. They stand in strings only, so it means the same.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="json">JSON in UTF-8.</param>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> json)
    {
        while (json.IndexOfAny(Telling) is >= 0 and var at)
        {
            output.Write(json[..at]);
            var escaped = Escaped(json[at..], out var length);
            output.Write(escaped.IsEmpty ? json.Slice(at, length) : escaped);
            json = json[(at + length)..];
        }

        output.Write(json);
    }

    private static ReadOnlySpan<byte> Escaped(ReadOnlySpan<byte> json, out int length)
    {
        length = json is [FirstOfSeparators, 0x80, 0xA8 or 0xA9, ..] ? 3 : 1;
        return json switch
        {
            [(byte)'<', ..] => "\\u003c"u8,
            [(byte)'>', ..] => "\\u003e"u8,
            [(byte)'&', ..] => "\\u0026"u8,
            [_, 0x80, 0xA8, ..] => "\\u2028"u8,
            [_, 0x80, 0xA9, ..] => "\\u2029"u8,
            _ => [],
        };
    }
}
