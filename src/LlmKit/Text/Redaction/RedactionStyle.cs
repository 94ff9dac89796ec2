using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using LlmKit.Text.Placeholders;

namespace LlmKit.Text;

/// <summary>What stands in the place of a redacted span.</summary>
/// <remarks>
/// Immutable and thread-safe. Marks around a text that stays, such as those of an image around its alternative text, are taken out
/// under every style (see <see cref="TextDetectors.Exfiltration"/>).
/// </remarks>
public sealed class RedactionStyle
{
    private const string MaskText = "****";
    private const int HashBytes = 6;

    private readonly Action<StringBuilder, TextHit, ReadOnlySpan<char>, int, PlaceholderMap> _append;

    private RedactionStyle(Action<StringBuilder, TextHit, ReadOnlySpan<char>, int, PlaceholderMap> append) => _append = append;

    /// <summary>The kind of what was removed, in brackets: <c>[EMAIL]</c>.</summary>
    public static RedactionStyle Label { get; } = new(static (output, hit, _, _, _) => output.Append('[').Append(hit.Entity).Append(']'));

    /// <summary>Four asterisks, whatever was removed, so that not even the length or the kind is told.</summary>
    public static RedactionStyle Mask { get; } = new(static (output, _, _, _, _) => output.Append(MaskText));

    /// <summary>A numbered placeholder, such as <c>[EMAIL_1]</c>: equal values get the same number within one request or text.</summary>
    /// <remarks>
    /// Guardrails put the values back where the answer names their placeholders: in text, in streams, in the arguments of tool calls and in
    /// JSON. The values live as long as the call, and only in its memory; caches, traces and providers see placeholders. What an answer holds
    /// of itself is never numbered: it gets the kind in brackets.
    /// </remarks>
    public static RedactionStyle Placeholder { get; } = new(static (output, hit, value, _, placeholders) => output.Append(placeholders.For(hit.Entity, value)));

    internal bool IsReversible => ReferenceEquals(this, Placeholder);

    /// <summary>The kind and a keyed hash, such as <c>[EMAIL:5f1c0a9be3d2]</c>: equal values stay equal, over calls and processes with the same key, and cannot be guessed without it.</summary>
    /// <remarks>The first 48 bits of HMAC-SHA256 over the value as UTF-16. Whoever knows which values are equal knows that much: it is a pseudonym, not anonymous. Of a value longer than <see cref="TextRedactorOptions.MaxHoldback"/> only so many leading characters count.</remarks>
    /// <param name="key">The secret key, 16 bytes or more; copied.</param>
    /// <returns>The style.</returns>
    /// <exception cref="ArgumentException">The key is shorter than 16 bytes.</exception>
    public static RedactionStyle KeyedHash(ReadOnlySpan<byte> key)
    {
        if (key.Length < RedactionFingerprint.LeastKeyLength)
            throw new ArgumentException($"The key has '{key.Length}' bytes. Give {RedactionFingerprint.LeastKeyLength} random bytes or more.", nameof(key));
        var secret = key.ToArray();
        return new((output, hit, value, most, _) =>
        {
            Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
            HMACSHA256.HashData(secret, MemoryMarshal.AsBytes(Beginning(value, most)), hash);
            output.Append('[').Append(hit.Entity).Append(':').Append(Convert.ToHexStringLower(hash[..HashBytes])).Append(']');
        });
    }

    /// <summary>A replacement of one's own.</summary>
    /// <param name="replace">
    /// Gives the replacement for a match and its text. It runs on the caller's thread, for every match, and must be thread-safe if
    /// the redactor is shared. The text is sensitive. Of a match longer than <see cref="TextRedactorOptions.MaxHoldback"/> only so
    /// many leading characters are given, so that a stream and a whole text are treated alike.
    /// </param>
    /// <returns>The style.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="replace"/> is null.</exception>
    public static RedactionStyle Custom(Func<TextHit, string, string> replace)
    {
        ArgumentNullException.ThrowIfNull(replace);
        return new((output, hit, value, most, _) => output.Append(replace(hit.Bare(), Beginning(value, most).ToString())));
    }

    internal void Append(StringBuilder output, TextHit hit, ReadOnlySpan<char> value, int most, PlaceholderMap placeholders)
    {
        if (!hit.Erases)
            _append(output, hit, value, most, placeholders);
    }

    private static ReadOnlySpan<char> Beginning(ReadOnlySpan<char> value, int most) => value[..Math.Min(value.Length, most)];
}
