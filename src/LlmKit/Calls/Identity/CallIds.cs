using System.Buffers.Binary;
using System.Security.Cryptography;

namespace LlmKit.Calls;

/// <summary>Makes ids of calls and interactions: UUIDs of version 7, as 32 hexadecimal digits.</summary>
/// <remarks>
/// Thread-safe. RFC 9562, sections 5.7 and 6.2, method 3: the 12 bits behind the version are the fraction of the millisecond, so that ids sort by time
/// to a quarter of a microsecond; the last 62 are random. These come from the system's generator, many at a time: it takes longer to ask than to answer.
/// </remarks>
internal static class CallIds
{
    private const int RandomBytes = sizeof(long);
    private const int DrawnBytes = 64 * RandomBytes;
    private const long Version = 0x7000;

    [ThreadStatic]
    private static byte[]? drawn;

    [ThreadStatic]
    private static int used;

    /// <summary>Makes an id.</summary>
    /// <param name="at">The time in it; one before 1970 is taken for 1970.</param>
    public static string New(DateTimeOffset at)
    {
        var (milliseconds, rest) = Math.DivRem(Math.Max(0, at.UtcTicks - DateTime.UnixEpoch.Ticks), TimeSpan.TicksPerMillisecond);
        Span<byte> id = stackalloc byte[2 * sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(id, (milliseconds << 16) | Version | ((rest << 12) / TimeSpan.TicksPerMillisecond));
        Draw().CopyTo(id[sizeof(long)..]);
        // The variant.
        id[sizeof(long)] = (byte)((id[sizeof(long)] & 0x3F) | 0x80);
        return Convert.ToHexStringLower(id);
    }

    private static ReadOnlySpan<byte> Draw()
    {
        if (drawn is null || used == DrawnBytes)
        {
            RandomNumberGenerator.Fill(drawn ??= new byte[DrawnBytes]);
            used = 0;
        }

        used += RandomBytes;
        return drawn.AsSpan(used - RandomBytes, RandomBytes);
    }
}
