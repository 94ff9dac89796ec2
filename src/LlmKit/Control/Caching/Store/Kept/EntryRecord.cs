using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using LlmKit.Internal.Keys;
using LlmKit.Models;

namespace LlmKit.Control.Caching;

/// <summary>One answer in a saved cache, with all that finds it: keys, vector, facets.</summary>
internal static class EntryRecord
{
    public static byte[] ToBytes(CacheEntry entry, TimeProvider time)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        Write(writer, entry.Exact);
        writer.Write(entry.Normalised.HasValue);
        if (entry.Normalised is { } normalised)
            Write(writer, normalised);
        writer.Write(entry.Age(time).Ticks);
        writer.Write(entry.Life.Ticks);
        writer.Write(entry.Cost.ToUsd());
        writer.Write(entry.Writer ?? "");
        writer.Write7BitEncodedInt(entry.Tags.Length);
        foreach (var tag in entry.Tags)
            writer.Write(tag);
        writer.Write(entry.Text is not null);
        if (entry.Text is { } text)
            Write(writer, entry.Space, text);
        var answer = ToJson(entry.Answer);
        writer.Write(answer.Length);
        writer.Write(answer);
        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Reads a record that was saved at a moment.</summary>
    /// <exception cref="InvalidDataException">It is no record.</exception>
    public static CacheEntry Read(byte[] record, DateTimeOffset saved, TimeProvider time)
    {
        using var stream = new MemoryStream(record, writable: false);
        using var reader = new BinaryReader(stream);
        var exact = ReadHash(reader);
        Hash256? normalised = reader.ReadBoolean() ? ReadHash(reader) : null;
        var since = time.GetUtcNow() - saved;
        var age = TimeSpan.FromTicks(reader.ReadInt64()) + (since > TimeSpan.Zero ? since : TimeSpan.Zero);
        var life = TimeSpan.FromTicks(reader.ReadInt64());
        var cost = Money.FromUsd(reader.ReadDecimal());
        var writer = reader.ReadString();
        var tags = new string[Bounded(reader.Read7BitEncodedInt(), record.Length)];
        for (var i = 0; i < tags.Length; i++)
            tags[i] = reader.ReadString();
        var (space, text) = reader.ReadBoolean() ? ReadText(reader, record.Length) : default;
        using var json = JsonDocument.Parse(reader.ReadBytes(Bounded(reader.ReadInt32(), record.Length)));
        return new()
        {
            Exact = exact,
            Normalised = normalised,
            Space = space,
            Text = text,
            Answer = AnswerJson.Read(json.RootElement),
            Tags = tags,
            Writer = writer.Length == 0 ? null : writer,
            Cost = cost,
            Stored = time.GetTimestamp() - (long)(age.TotalSeconds * time.TimestampFrequency),
            StoredAt = time.GetUtcNow() - age,
            MayLeave = true,
            Life = life,
        };
    }

    public static byte[] Moment(DateTimeOffset moment)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, moment.UtcTicks);
        return bytes;
    }

    public static DateTimeOffset ReadMoment(byte[] bytes) => new(BinaryPrimitives.ReadInt64LittleEndian(bytes), TimeSpan.Zero);

    private static byte[] ToJson(CachedAnswer answer)
    {
        var bytes = new ArrayBufferWriter<byte>(1_024);
        using (var json = new Utf8JsonWriter(bytes))
            AnswerJson.Write(json, answer);
        return bytes.WrittenSpan.ToArray();
    }

    private static void Write(BinaryWriter writer, in Hash256 hash)
    {
        Span<byte> bytes = stackalloc byte[Hash256.Size];
        hash.Write(bytes);
        writer.Write(bytes);
    }

    private static void Write(BinaryWriter writer, in Hash256 space, SemanticText text)
    {
        Write(writer, space);
        writer.Write(text.Vector.Length);
        writer.Write(MemoryMarshal.AsBytes(text.Vector.AsSpan()));
        text.Facets.Write(writer);
    }

    private static Hash256 ReadHash(BinaryReader reader)
    {
        Span<byte> bytes = stackalloc byte[Hash256.Size];
        reader.BaseStream.ReadExactly(bytes);
        return Hash256.Read(bytes);
    }

    private static (Hash256 Space, SemanticText Text) ReadText(BinaryReader reader, int most)
    {
        var space = ReadHash(reader);
        var vector = new Half[Bounded(reader.ReadInt32(), Math.Min(most, VectorIndex<CacheEntry>.MostDimensions))];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(vector.AsSpan()));
        return (space, new(vector, TextFacets.Read(reader)));
    }

    private static int Bounded(int length, int most) =>
        length >= 0 && length <= most ? length : throw new InvalidDataException("A length is beyond its record.");
}
