using LlmKit.Text.Scanning;

namespace LlmKit.Text.Detectors.Crypto;

/// <summary>Addresses of Bitcoin and Ethereum, by their checksums. Each has a digit at or near its start.</summary>
internal sealed class CryptoAddressDetector : ProbeDetector
{
    private const int PrefixLength = 2;

    public override string Name => "crypto-address";

    protected override int Reach => Bech32.MaxLength + 2;

    public override void Scan(ReadOnlySpan<char> text, int from, ref TextHitCollector hits)
    {
        var cursor = new TextCursor(text);
        for (var digit = Chars.NextDigitRun(text, from); digit < text.Length; digit = Chars.NextDigitRun(text, digit + 1))
        {
            if (TryProbe(ref cursor, digit, out var hit))
                hits.Add(hit);
            else if (text[digit] == '1' && digit - PrefixLength >= from && TryProbe(ref cursor, digit - PrefixLength, out hit))
                hits.Add(hit);
        }
    }

    protected override int NextStart(ReadOnlySpan<char> text, int from)
    {
        while (from < text.Length && text[from] is not ('0' or '1' or '3' or 'b' or 'B' or 't' or 'T'))
            from++;
        return from;
    }

    protected override bool TryProbe(ref TextCursor cursor, int start, out TextHit hit)
    {
        hit = default;
        var first = cursor[start];
        if (first is not ('0' or '1' or '3' or 'b' or 'B' or 't' or 'T') || !Chars.IsLeftBoundary(ref cursor, start))
            return false;
        return first switch
        {
            '0' => TryEthereum(ref cursor, start, out hit),
            '1' or '3' => TryBase58(ref cursor, start, out hit),
            _ => TryBech32(ref cursor, start, out hit),
        };
    }

    private static bool TryEthereum(ref TextCursor cursor, int start, out TextHit hit)
    {
        hit = default;
        if (cursor[start + 1] is not ('x' or 'X'))
            return false;
        var end = start + 2;
        while (end < start + 2 + EthereumAddress.Digits)
        {
            if (!char.IsAsciiHexDigit(cursor[end++]))
                return false;
        }

        if (Chars.IsWord(cursor[end]) || EthereumAddress.Judge(cursor.Slice(start + 2, EthereumAddress.Digits)) is not { } score)
            return false;
        hit = new TextHit("ethereum-address", "CRYPTO", start, end - start, score);
        return true;
    }

    private static bool TryBase58(ref TextCursor cursor, int start, out TextHit hit)
    {
        hit = default;
        var end = start;
        while (end - start <= Base58Check.MaxLength && char.IsAsciiLetterOrDigit(cursor[end]))
            end++;
        var length = end - start;
        if (length is < Base58Check.MinLength or > Base58Check.MaxLength || cursor[end] == '_' || !Base58Check.IsAddress(cursor.Slice(start, length)))
            return false;
        hit = new TextHit("bitcoin-address", "CRYPTO", start, length, DetectionScore.High);
        return true;
    }

    private static bool TryBech32(ref TextCursor cursor, int start, out TextHit hit)
    {
        hit = default;
        if ((cursor[start] | 0x20, cursor[start + 1] | 0x20) is not (('b', 'c') or ('t', 'b')) || cursor[start + PrefixLength] != '1')
            return false;
        var (data, end) = (start + PrefixLength + 1, start + PrefixLength + 1);
        while (end - start <= Bech32.MaxLength && Bech32.IsData(cursor[end]))
            end++;
        if (end - start > Bech32.MaxLength || end - data < 8 || Chars.IsWord(cursor[end])
            || !Bech32.IsAddress(cursor.Slice(start, PrefixLength), cursor.Slice(data, end - data)))
            return false;
        hit = new TextHit("bitcoin-address", "CRYPTO", start, end - start, DetectionScore.High);
        return true;
    }
}
