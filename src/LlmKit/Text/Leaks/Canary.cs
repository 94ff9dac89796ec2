using System.Security.Cryptography;
using System.Text;

namespace LlmKit.Text.Leaks;

/// <summary>A token that is put into a confidential text so that its leaking can be told for certain.</summary>
/// <remarks>
/// The token is an HMAC-SHA256 of the text, shortened to 80 bits: equal texts keep equal tokens, so that caches of prompts still hit,
/// and nobody guesses it without the text and the key. Immutable and thread-safe. The token is as confidential as the text.
/// </remarks>
public sealed class Canary
{
    private const int Length = 16;
    private const int BitsOfSymbol = 5;
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    private Canary(string token) => (Token, Detector) = (token, new CanaryProbe(token));

    /// <summary>The token: 16 lower-case letters and digits.</summary>
    public string Token { get; }

    /// <summary>A sentence that carries the token, to be added as a line of its own to the confidential text.</summary>
    public string Line => $"Reference of these confidential instructions: {Token}.";

    /// <summary>Finds the token in answers, rule <c>canary</c>, entity <c>PROMPT_LEAK</c>, score high.</summary>
    /// <remarks>Case does not matter, nor do blanks, hyphens and other marks that cut it, up to eight between two characters.</remarks>
    public ISpanDetector Detector { get; }

    /// <summary>Makes the canary of a text.</summary>
    /// <param name="confidential">The confidential text, without the canary.</param>
    /// <param name="key">A secret key of any length; without one, whoever knows the text knows the token.</param>
    /// <returns>The canary; the same for the same text and key.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="confidential"/> is null.</exception>
    public static Canary For(string confidential, ReadOnlySpan<byte> key = default)
    {
        ArgumentNullException.ThrowIfNull(confidential);
        var hash = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(confidential));
        return new Canary(string.Create(Length, hash, static (span, bytes) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = Alphabet[Symbol(bytes, i * BitsOfSymbol)];
        }));
    }

    private static int Symbol(byte[] bytes, int bit) =>
        (((bytes[bit / 8] << 8) | bytes[(bit / 8) + 1]) >> (16 - BitsOfSymbol - (bit % 8))) & (Alphabet.Length - 1);
}
