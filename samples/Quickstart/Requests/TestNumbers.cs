using System.Globalization;

namespace Quickstart;

/// <summary>Cards and bank accounts from the public test ranges, with their check digits computed.</summary>
internal static class TestNumbers
{
    public static string Card(string name) => name switch
    {
        "visa" => Grouped(WithLuhnDigit("4" + new string('1', 14)), ' ', 4, 4, 4, 4),
        "visa-debit" => WithLuhnDigit("40000566556" + "6555"),
        "mastercard" => Grouped(WithLuhnDigit(new string('5', 12) + "444"), '-', 4, 4, 4, 4),
        "mastercard-2" => WithLuhnDigit("22230031" + "2200322"),
        "amex" => Grouped(WithLuhnDigit("378282" + "24631000"), ' ', 4, 6, 5),
        "discover" => Grouped(WithLuhnDigit("6011" + new string('1', 11)), ' ', 4, 4, 4, 4),
        _ => throw new InvalidOperationException($"The test card '{name}' is unknown. Add it to TestNumbers."),
    };

    public static string Iban(string name) => name switch
    {
        "de" => Grouped(WithIbanDigits("DE", "37040044" + "0532013000"), ' ', 4, 4, 4, 4, 4, 2),
        "de-2" => WithIbanDigits("DE", "51210800" + "1245126199"),
        "gb" => Grouped(WithIbanDigits("GB", "WEST123456" + "98765432"), ' ', 4, 4, 4, 4, 4, 2),
        "nl" => WithIbanDigits("NL", "ABNA" + "0417164300"),
        "fr" => Grouped(WithIbanDigits("FR", "20041010050500013" + "M02606"), ' ', 4, 4, 4, 4, 4, 4, 3),
        _ => throw new InvalidOperationException($"The test account '{name}' is unknown. Add it to TestNumbers."),
    };

    // ISO/IEC 7812-1, annex B.
    private static string WithLuhnDigit(string digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            var weighted = i % 2 == 0 ? digit * 2 : digit;
            sum += weighted > 9 ? weighted - 9 : weighted;
        }

        return digits + (char)('0' + ((10 - (sum % 10)) % 10));
    }

    // ISO 13616: letters become 10 to 35, and the whole modulo 97 must be 1.
    private static string WithIbanDigits(string country, string account)
    {
        var remainder = 0;
        foreach (var c in account + country + "00")
        {
            var value = char.IsAsciiDigit(c) ? c - '0' : c - 'A' + 10;
            remainder = ((remainder * (value > 9 ? 100 : 10)) + value) % 97;
        }

        return country + (98 - remainder).ToString("00", CultureInfo.InvariantCulture) + account;
    }

    private static string Grouped(string value, char separator, params ReadOnlySpan<int> lengths)
    {
        var (start, groups) = (0, new List<string>());
        foreach (var length in lengths)
        {
            groups.Add(value.Substring(start, length));
            start += length;
        }

        return string.Join(separator, groups);
    }
}
