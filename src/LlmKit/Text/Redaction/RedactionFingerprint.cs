using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace LlmKit.Text;

/// <summary>Tells removed values apart without revealing them: a keyed hash over the kinds, the order and the texts.</summary>
/// <remarks>
/// Redaction makes different requests look alike; the fingerprint salts a cache key so that they stay apart. HMAC-SHA256 under a key:
/// without the key a value of a small space, such as a card number, cannot be found by trial. Immutable and thread-safe. Not
/// sensitive in itself, yet equal values give equal fingerprints under one key.
/// </remarks>
public sealed class RedactionFingerprint
{
    /// <summary>The least length of a key, in bytes.</summary>
    public const int LeastKeyLength = 16;

    private readonly byte[] _key;

    /// <summary>Creates a fingerprint under a given key, so that several processes agree.</summary>
    /// <param name="key">The secret key, 16 bytes or more; copied.</param>
    /// <exception cref="ArgumentException">The key is shorter than 16 bytes.</exception>
    public RedactionFingerprint(ReadOnlySpan<byte> key)
    {
        if (key.Length < LeastKeyLength)
            throw new ArgumentException($"The key has '{key.Length}' bytes. Give {LeastKeyLength} random bytes or more.", nameof(key));
        _key = key.ToArray();
    }

    /// <summary>A fingerprint under a random key that lives as long as the process.</summary>
    public static RedactionFingerprint PerProcess { get; } = new(RandomNumberGenerator.GetBytes(32));

    /// <summary>Hashes what was removed from a text.</summary>
    /// <param name="original">The text in which the matches were found.</param>
    /// <param name="hits">The matches, with offsets in that text.</param>
    /// <returns>64 hexadecimal digits; the empty string if there are no matches.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="hits"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A match lies outside the text.</exception>
    public string Compute(ReadOnlySpan<char> original, IReadOnlyList<TextHit> hits)
    {
        ArgumentNullException.ThrowIfNull(hits);
        if (hits.Count == 0)
            return string.Empty;

        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        foreach (var hit in hits)
        {
            AppendField(hash, hit.Entity);
            AppendField(hash, original.Slice(hit.Start, hit.Length));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // The length goes first, so that no two lists of fields run together into the same bytes.
    private static void AppendField(IncrementalHash hash, ReadOnlySpan<char> value)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, value.Length);
        hash.AppendData(length);
        hash.AppendData(MemoryMarshal.AsBytes(value));
    }
}
