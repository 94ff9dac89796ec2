namespace LlmKit.Text.Detectors.Crypto;

/// <summary>Addresses of segregated witness: bech32 (BIP 173) for version 0, bech32m (BIP 350) for the later ones.</summary>
internal static class Bech32
{
    public const int MaxLength = 90;
    private const string Alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private const int Checksum = 6;
    private const uint Modified = 0x2bc830a3;

    public static bool IsData(char c) => Alphabet.Contains(char.ToLowerInvariant(c));

    /// <summary>Whether a network's prefix and the characters behind the separator are an address, in one case throughout.</summary>
    public static bool IsAddress(ReadOnlySpan<char> prefix, ReadOnlySpan<char> data)
    {
        var sum = 1u;
        foreach (var c in prefix)
            sum = Step(sum, (uint)char.ToLowerInvariant(c) >> 5);
        sum = Step(sum, 0);
        foreach (var c in prefix)
            sum = Step(sum, (uint)char.ToLowerInvariant(c) & 31);
        foreach (var c in data)
            sum = Step(sum, (uint)Alphabet.IndexOf(char.ToLowerInvariant(c)));

        var version = Alphabet.IndexOf(char.ToLowerInvariant(data[0]));
        var program = (data.Length - 1 - Checksum) * 5 / 8;
        return sum == (version == 0 ? 1 : Modified) && version <= 16
            && (version == 0 ? program is 20 or 32 : program is >= 2 and <= 40) && !IsMixedCase(prefix, data);
    }

    private static bool IsMixedCase(ReadOnlySpan<char> prefix, ReadOnlySpan<char> data)
    {
        var isUpper = char.IsAsciiLetterUpper(prefix[0]);
        return (isUpper ? prefix[1..].ContainsAnyInRange('a', 'z') : prefix[1..].ContainsAnyInRange('A', 'Z'))
            || (isUpper ? data.ContainsAnyInRange('a', 'z') : data.ContainsAnyInRange('A', 'Z'));
    }

    private static uint Step(uint sum, uint value)
    {
        ReadOnlySpan<uint> generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
        var top = sum >> 25;
        sum = ((sum & 0x1ffffff) << 5) ^ value;
        for (var i = 0; i < generators.Length; i++)
            sum ^= ((top >> i) & 1) != 0 ? generators[i] : 0;
        return sum;
    }
}
