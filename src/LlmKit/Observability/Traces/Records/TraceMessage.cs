using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace LlmKit.Observability.Traces;

/// <summary>A piece of content as JSON, known by its hash, so that what is said again in every round of a conversation is kept once.</summary>
/// <remarks>Immutable and thread-safe. Messages are in the schema of the OpenTelemetry conventions for generative AI: a role, and parts with their types.</remarks>
public sealed class TraceMessage : IEquatable<TraceMessage>
{
    private const int HashBytes = 16;

    private readonly int _hashCode;

    /// <summary>Creates a piece of content.</summary>
    /// <param name="json">One JSON value in UTF-8; it must not be changed afterwards.</param>
    public TraceMessage(ReadOnlyMemory<byte> json)
        : this(json, HashOf(json.Span))
    {
    }

    internal TraceMessage(ReadOnlyMemory<byte> json, string hash)
    {
        Json = json;
        Hash = hash;
        _hashCode = hash.GetHashCode(StringComparison.Ordinal);
    }

    /// <summary>Gets the JSON in UTF-8.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>Gets the first 128 bits of the SHA-256 of the JSON, in lower-case hexadecimal.</summary>
    public string Hash { get; }

    /// <summary>Gets the role of a message; <see langword="null"/> of other content.</summary>
    public string? Role
    {
        get
        {
            using var document = JsonDocument.Parse(Json);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("role"u8, out var role) ? role.GetString() : null;
        }
    }

    /// <summary>Gets the texts of a message's parts of the type <c>text</c>, one after the other; empty of other content.</summary>
    public string Text
    {
        get
        {
            using var document = JsonDocument.Parse(Json);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("parts"u8, out var parts))
                return "";
            var text = new StringBuilder();
            foreach (var part in parts.EnumerateArray())
            {
                if (part.TryGetProperty("type"u8, out var type) && type.ValueEquals("text"u8) && part.TryGetProperty("content"u8, out var content))
                    text.Append(content.GetString());
            }

            return text.ToString();
        }
    }

    /// <inheritdoc/>
    public bool Equals(TraceMessage? other) => other is not null && Hash == other.Hash;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TraceMessage);

    /// <inheritdoc/>
    public override int GetHashCode() => _hashCode;

    /// <summary>Gives the hash: a text would be too easy to log.</summary>
    public override string ToString() => Hash;

    internal static string HashOf(ReadOnlySpan<byte> json)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(json, hash);
        return Convert.ToHexStringLower(hash[..HashBytes]);
    }
}
