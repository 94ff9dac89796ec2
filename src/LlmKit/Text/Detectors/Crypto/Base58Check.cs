using System.Security.Cryptography;

namespace LlmKit.Text.Detectors.Crypto;

/// <summary>Addresses of Bitcoin in base 58: a version, a hash of 20 bytes, and four bytes of its double SHA-256.</summary>
internal static class Base58Check
{
    public const int MinLength = 26;
    public const int MaxLength = 35;
    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private const int Payload = 21;
    private const int Bytes = 25;

    /// <summary>Whether these characters are an address: pay to a key (version 0) or to a script (version 5).</summary>
    public static bool IsAddress(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        bytes.Clear();
        foreach (var c in text)
        {
            if (!TryAppend(bytes, Alphabet.IndexOf(c)))
                return false;
        }

        if (bytes[0] is not (0 or 5) || bytes.IndexOfAnyExcept((byte)0) != text.IndexOfAnyExcept('1'))
            return false;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..Payload], hash);
        SHA256.HashData(hash, hash);
        return hash[..(Bytes - Payload)].SequenceEqual(bytes[Payload..]);
    }

    private static bool TryAppend(Span<byte> number, int digit)
    {
        if (digit < 0)
            return false;
        for (var i = number.Length - 1; i >= 0; i--)
        {
            digit += number[i] * Alphabet.Length;
            number[i] = (byte)digit;
            digit >>= 8;
        }

        return digit == 0;
    }
}
