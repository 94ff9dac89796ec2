using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace LlmKit.Text.Encoded;

/// <summary>Decodes blobs and keeps what is text.</summary>
internal static class BlobDecoder
{
    private const double LeastPrintable = 0.8;

    /// <summary>The text of a blob; null if it is none, or if fewer than four of five characters can be printed.</summary>
    public static string? Decode(ReadOnlySpan<char> blob, BlobKind kind)
    {
        var bytes = kind == BlobKind.Percent ? FromEscapes(blob) : FromLetters(blob.TrimEnd('='));
        if (bytes is null)
            return null;
        var text = Encoding.UTF8.GetString(bytes);
        return IsPrintable(text) ? text : null;
    }

    private static byte[] FromEscapes(ReadOnlySpan<char> blob)
    {
        var bytes = new byte[blob.Length / 3];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)(16 * Digit(blob[3 * i + 1]) + Digit(blob[3 * i + 2]));
        return bytes;
    }

    private static byte[]? FromLetters(ReadOnlySpan<char> blob)
    {
        if (BlobReader.IsHex(blob))
            return Convert.FromHexString(blob[..^(blob.Length % 2)]);

        var letters = new char[blob.Length];
        blob.Replace(letters, '+', '-');
        letters.AsSpan().Replace('/', '_');
        // A single letter at the end is no byte, and neither are bits behind the last.
        return TryDecode(letters.AsSpan(0, letters.Length - (letters.Length % 4 == 1 ? 1 : 0))) ?? TryDecode(letters.AsSpan(0, letters.Length / 4 * 4));
    }

    private static byte[]? TryDecode(ReadOnlySpan<char> letters)
    {
        var bytes = new byte[letters.Length * 3 / 4 + 3];
        return Base64Url.DecodeFromChars(letters, bytes, out _, out var written) == OperationStatus.Done ? bytes[..written] : null;
    }

    private static bool IsPrintable(string text)
    {
        var printable = 0;
        foreach (var c in text)
            printable += (!char.IsControl(c) || c is '\t' or '\n' or '\r') && c != '\uFFFD' ? 1 : 0;
        return text.Length > 0 && printable >= LeastPrintable * text.Length;
    }

    private static int Digit(char c) => char.IsAsciiDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10;
}
