using System.Buffers.Binary;

namespace LlmKit.Tests.Support;

/// <summary>The first bytes of image files, as far as they state a size.</summary>
internal static class ImageBytes
{
    public static byte[] Png(int width, int height)
    {
        var bytes = new byte[33];
        "\u0089PNG\r\n\u001a\n\0\0\0\rIHDR"u8[1..].CopyTo(bytes);
        bytes[0] = 0x89;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(20), height);
        return bytes;
    }

    public static byte[] Gif(int width, int height) => [.. "GIF89a"u8, (byte)width, (byte)(width >> 8), (byte)height, (byte)(height >> 8), 0, 0, 0];

    /// <summary>A JPEG with an application segment before its frame.</summary>
    public static byte[] Jpeg(int width, int height, byte frame = 0xC0) =>
        [0xFF, 0xD8, 0xFF, 0xE0, 0, 6, 1, 2, 3, 4, 0xFF, 0xFF, frame, 0, 17, 8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, 3];

    public static byte[] WebP(string form, int width, int height) => form switch
    {
        "VP8X" => Riff(form, [0, 0, 0, 0, .. Int24(width - 1), .. Int24(height - 1)]),
        "VP8L" => Riff(form, [0x2F, .. BitConverter.GetBytes((uint)(width - 1) | ((uint)(height - 1) << 14))]),
        _ => Riff(form, [0, 0, 0, 0x9D, 0x01, 0x2A, (byte)width, (byte)(width >> 8), (byte)height, (byte)(height >> 8)]),
    };

    private static byte[] Riff(string form, byte[] data) =>
        [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBP"u8, .. System.Text.Encoding.ASCII.GetBytes(form), 0, 0, 0, 0, .. data, .. new byte[16]];

    private static byte[] Int24(int value) => [(byte)value, (byte)(value >> 8), (byte)(value >> 16)];
}
