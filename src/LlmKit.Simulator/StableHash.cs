using System.Security.Cryptography;
using System.Text;

namespace LlmKit.Simulator;

/// <summary>Hashes that are the same on every machine and in every run, and chance drawn from them.</summary>
internal static class StableHash
{
    public static ulong Of(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    /// <summary>Scrambles a number (SplitMix64, Steele et al. 2014).</summary>
    public static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    /// <summary>A number from 0 up to 1 that depends on nothing but what is given.</summary>
    public static double Chance(int seed, ulong fingerprint, int tryNumber, int draw)
    {
        var mixed = Mix(Mix(Mix(fingerprint ^ Mix((ulong)seed)) + (ulong)tryNumber) + (ulong)draw);
        return (mixed >> 11) * (1.0 / (1UL << 53));
    }
}
