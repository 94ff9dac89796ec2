using System.Buffers.Binary;

namespace LlmKit.Models;

/// <summary>The width and height of an image in pixels, read from the first bytes of its file; nothing is decoded.</summary>
/// <remarks>
/// Understands PNG, GIF, JPEG and WebP by their published layouts (ISO/IEC 15948, GIF89a, ITU-T T.81 Annex B, RFC 9649). The bytes may be
/// anything: what is cut short, unknown or claims a side of 0 has no size. At most 64 KiB are looked at.
/// </remarks>
internal readonly record struct ImageSize(int Width, int Height)
{
    private const int MostBytes = 65_536;

    public static ImageSize? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MostBytes)
            bytes = bytes[..MostBytes];
        var size = bytes switch
        {
            [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => Png(bytes),
            [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => Gif(bytes),
            [0xFF, 0xD8, ..] => Jpeg(bytes),
            [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => WebP(bytes),
            _ => default,
        };
        return size.Width > 0 && size.Height > 0 ? size : null;
    }

    private static ImageSize Png(ReadOnlySpan<byte> bytes) => bytes.Length < 24 || !bytes[12..16].SequenceEqual("IHDR"u8)
        ? default
        : new(BinaryPrimitives.ReadInt32BigEndian(bytes[16..]), BinaryPrimitives.ReadInt32BigEndian(bytes[20..]));

    private static ImageSize Gif(ReadOnlySpan<byte> bytes) => bytes.Length < 10
        ? default
        : new(BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]), BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]));

    private static ImageSize Jpeg(ReadOnlySpan<byte> bytes)
    {
        // Segments follow each other: a marker, then a length that includes its own two bytes. Each step goes forward, so it ends.
        for (var at = 2; at + 9 <= bytes.Length;)
        {
            if (bytes[at] != 0xFF)
                return default;
            var marker = bytes[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }

            if (IsFrame(marker))
                return new(BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 5)..]));
            at += 2 + Math.Max((ushort)2, BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]));
        }

        return default;
    }

    // The start of a frame; among its numbers are those of tables, arithmetic coding and an extension.
    private static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    private static ImageSize WebP(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 30)
            return default;
        var data = bytes[20..];
        if (bytes[12..16].SequenceEqual("VP8X"u8))
            return new(1 + UInt24(data[4..]), 1 + UInt24(data[7..]));
        if (bytes[12..16].SequenceEqual("VP8 "u8) && data[3..6].SequenceEqual((ReadOnlySpan<byte>)[0x9D, 0x01, 0x2A]))
            return new(BinaryPrimitives.ReadUInt16LittleEndian(data[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(data[8..]) & 0x3FFF);
        if (!bytes[12..16].SequenceEqual("VP8L"u8) || data[0] != 0x2F)
            return default;
        var packed = BinaryPrimitives.ReadUInt32LittleEndian(data[1..]);
        return new(1 + (int)(packed & 0x3FFF), 1 + (int)((packed >> 14) & 0x3FFF));
    }

    private static int UInt24(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
}
