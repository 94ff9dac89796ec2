namespace LlmKit.Text.Detectors.Crypto;

/// <summary>Addresses of Ethereum: 40 hexadecimal digits, whose case is a checksum (EIP-55) unless all letters have one case.</summary>
internal static class EthereumAddress
{
    public const int Digits = 40;

    /// <summary>The score of 40 hexadecimal digits, or null if their case refutes them.</summary>
    public static DetectionScore? Judge(ReadOnlySpan<char> digits)
    {
        if (!digits.ContainsAnyInRange('a', 'f') || !digits.ContainsAnyInRange('A', 'F'))
            return DetectionScore.Medium;

        Span<byte> lower = stackalloc byte[Digits];
        for (var i = 0; i < Digits; i++)
            lower[i] = (byte)char.ToLowerInvariant(digits[i]);
        Span<byte> hash = stackalloc byte[32];
        Keccak256.Hash(lower, hash);
        for (var i = 0; i < Digits; i++)
        {
            var isUpper = ((hash[i / 2] >> (4 - i % 2 * 4)) & 8) != 0;
            if (char.IsAsciiLetter(digits[i]) && char.IsAsciiLetterUpper(digits[i]) != isUpper)
                return null;
        }

        return DetectionScore.High;
    }
}
