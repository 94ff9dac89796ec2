using System.Buffers;
using System.Text.Json;
using LlmKit.Internal.Keys;
using LlmKit.Models;

namespace LlmKit.Control.Caching;

/// <summary>An answer as a distributed cache keeps it: found by its exact key only.</summary>
internal static class FarEntry
{
    private const int Version = 1;

    public static byte[] ToBytes(CacheEntry entry, DateTimeOffset storedAt)
    {
        var bytes = new ArrayBufferWriter<byte>(1_024);
        using var json = new Utf8JsonWriter(bytes);
        json.WriteStartObject();
        json.WriteNumber("version"u8, Version);
        json.WriteString("key"u8, entry.Exact.ToHex());
        json.WriteString("stored"u8, storedAt);
        json.WriteNumber("life"u8, entry.Life.Ticks);
        json.WriteNumber("cost"u8, entry.Cost.ToUsd());
        json.WriteStartArray("tags"u8);
        foreach (var tag in entry.Tags)
            json.WriteStringValue(tag);
        json.WriteEndArray();
        json.WritePropertyName("answer"u8);
        AnswerJson.Write(json, entry.Answer);
        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Reads what was kept under a key; <see langword="null"/> for another version, another key, and what has expired.</summary>
    /// <exception cref="JsonException">It is not what was kept.</exception>
    /// <exception cref="InvalidDataException">It is not what was kept.</exception>
    public static CacheEntry? Read(byte[] bytes, in Hash256 key, TimeProvider time)
    {
        using var document = JsonDocument.Parse(bytes);
        var json = document.RootElement;
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("version"u8, out var version) || version.GetInt32() != Version || json.GetProperty("key"u8).GetString() != key.ToHex())
            return null;
        var storedAt = json.GetProperty("stored"u8).GetDateTimeOffset();
        var age = time.GetUtcNow() - storedAt;
        var life = TimeSpan.FromTicks(json.GetProperty("life"u8).GetInt64());
        // Another machine's clock may be ahead.
        if (age < TimeSpan.Zero)
            age = TimeSpan.Zero;
        return age >= life ? null : new()
        {
            Exact = key,
            Answer = AnswerJson.Read(json.GetProperty("answer"u8)),
            Tags = [.. json.GetProperty("tags"u8).EnumerateArray().Select(tag => tag.GetString()!)],
            Cost = Money.FromUsd(json.GetProperty("cost"u8).GetDecimal()),
            Stored = time.GetTimestamp() - (long)(age.TotalSeconds * time.TimestampFrequency),
            StoredAt = storedAt,
            Life = life,
        };
    }
}
