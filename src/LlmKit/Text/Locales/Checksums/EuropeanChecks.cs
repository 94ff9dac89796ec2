using static LlmKit.Text.Locales.Checksums.WeightedSum;

namespace LlmKit.Text.Locales.Checksums;

/// <summary>What the authorities of Europe check, Germany apart.</summary>
internal static class EuropeanChecks
{
    private const string SpanishLetters = "TRWAGMYFPDXBNJZSQVHLCKE";

    /// <summary>United Kingdom, NHS number: modulo 11.</summary>
    public static bool Nhs(ReadOnlySpan<char> value) =>
        Of(value, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1) % 11 == 0 && value.ContainsAnyExcept(value[0]);

    /// <summary>United Kingdom, HM Revenue and Customs: prefixes that are not used.</summary>
    public static bool NationalInsurance(ReadOnlySpan<char> value) =>
        value[0] is not ('D' or 'F' or 'I' or 'Q' or 'U' or 'V') && value[1] is not ('D' or 'F' or 'I' or 'O' or 'Q' or 'U' or 'V')
        && value[..2] is not ("BG" or "GB" or "NK" or "KN" or "TN" or "NT" or "ZZ");

    /// <summary>France, INSEE number: what is missing to 97; the Corsican departments count 19 and 18.</summary>
    public static bool Insee(ReadOnlySpan<char> value)
    {
        Span<char> digits = stackalloc char[13];
        value[..13].CopyTo(digits);
        if (char.IsAsciiLetter(digits[6]))
            (digits[5], digits[6]) = ('1', digits[6] == 'A' ? '9' : '8');
        return 97 - Number(digits) % 97 == Number(value[13..]);
    }

    /// <summary>France, VAT number: two digits over the number of the company.</summary>
    public static bool FrenchVat(ReadOnlySpan<char> value) => (12 + 3 * (Number(value[4..]) % 97)) % 97 == Number(value[2..4]);

    /// <summary>Spain, NIF: the letter of the remainder modulo 23.</summary>
    public static bool Nif(ReadOnlySpan<char> value) => value[^1] == SpanishLetters[(int)(Number(value[..^1]) % 23)];

    /// <summary>Spain, NIE: the same, X, Y and Z counting 0, 1 and 2.</summary>
    public static bool Nie(ReadOnlySpan<char> value) =>
        value[^1] == SpanishLetters[(int)(((value[0] - 'X') * 10_000_000 + Number(value[1..^1])) % 23)];

    /// <summary>Italy, fiscal code: odd places by a table, even ones by value, modulo 26.</summary>
    public static bool FiscalCode(ReadOnlySpan<char> value)
    {
        ReadOnlySpan<byte> odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
        var sum = 0;
        for (var i = 0; i < 15; i++)
        {
            var place = char.IsAsciiDigit(value[i]) ? value[i] - '0' : value[i] - 'A';
            sum += i % 2 == 0 ? odd[place] : place;
        }

        return value[15] == 'A' + sum % 26;
    }

    /// <summary>Poland, PESEL: a date of birth with its century in the month, and weights 1, 3, 7, 9.</summary>
    public static bool Pesel(ReadOnlySpan<char> value)
    {
        var month = BirthDates.Two(value[2..]);
        var century = (month / 20) switch { 0 => 1900, 1 => 2000, 2 => 2100, 3 => 2200, _ => 1800 };
        return BirthDates.IsDateOf(century + BirthDates.Two(value), month % 20, BirthDates.Two(value[4..]))
            && Of(value, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1) % 10 == 0;
    }

    /// <summary>Poland, NIP: modulo 11.</summary>
    public static bool Nip(ReadOnlySpan<char> value) => Of(value, 6, 5, 7, 2, 3, 4, 5, 6, 7) % 11 == value[9] - '0' && value.ContainsAnyExcept(value[0]);

    /// <summary>Poland, identity card: weights 7, 3, 1, letters from A = 10 on.</summary>
    public static bool PolishIdentityCard(ReadOnlySpan<char> value)
    {
        ReadOnlySpan<int> weights = [7, 3, 1, 9, 7, 3, 1, 7, 3];
        var sum = 0;
        for (var i = 0; i < weights.Length; i++)
            sum += Base36(value[i]) * weights[i];
        return sum % 10 == 0;
    }

    /// <summary>Finland: a date of birth and the remainder modulo 31.</summary>
    public static bool Hetu(ReadOnlySpan<char> value) =>
        BirthDates.IsDayMonthYear(value) && value[^1] == "0123456789ABCDEFHJKLMNPRSTUVWXY"[(int)((Number(value[..6]) * 1000 + Number(value[^4..^1])) % 31)];

    /// <summary>Finland, business: modulo 11.</summary>
    public static bool FinnishBusiness(ReadOnlySpan<char> value) => Of(value, 7, 9, 10, 5, 8, 4, 2, 1) % 11 == 0;

    /// <summary>Sweden, person: a date of birth, 60 more on the day of a co-ordination number, and Luhn over ten digits.</summary>
    public static bool Personnummer(ReadOnlySpan<char> value)
    {
        var ten = value[^10..];
        var day = BirthDates.Two(ten[4..]);
        return BirthDates.IsDate(BirthDates.Two(ten), BirthDates.Two(ten[2..]), day > 60 ? day - 60 : day) && Checksum.Luhn(ten);
    }

    /// <summary>Norway, birth number: two digits modulo 11; 40 more on the day of a D-number.</summary>
    public static bool NorwegianBirthNumber(ReadOnlySpan<char> value)
    {
        var day = BirthDates.Two(value);
        return BirthDates.IsDate(BirthDates.Two(value[4..]), BirthDates.Two(value[2..]), day > 40 ? day - 40 : day)
            && Of(value, 3, 7, 6, 1, 8, 9, 4, 5, 2, 1) % 11 == 0 && Of(value, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1) % 11 == 0;
    }

    /// <summary>Netherlands, citizen service number: the test of eleven.</summary>
    public static bool Bsn(ReadOnlySpan<char> value) => Of(value, 9, 8, 7, 6, 5, 4, 3, 2, -1) % 11 == 0 && value.ContainsAnyExcept(value[0]);

    /// <summary>Belgium, national number: what is missing to 97; a two before those born from 2000 on.</summary>
    public static bool BelgianNational(ReadOnlySpan<char> value)
    {
        var number = Number(value[..9]);
        var check = Number(value[9..]);
        return BirthDates.IsYearMonthDay(value) && (97 - number % 97 == check || 97 - (2_000_000_000 + number) % 97 == check);
    }

    /// <summary>Switzerland, AHV number: the check digit of EAN-13.</summary>
    public static bool Ahv(ReadOnlySpan<char> value) => Of(value, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1) % 10 == 0;

    /// <summary>Portugal, NIF: modulo 11.</summary>
    public static bool PortugueseTax(ReadOnlySpan<char> value)
    {
        var rest = Of(value, 9, 8, 7, 6, 5, 4, 3, 2) % 11;
        return (rest < 2 ? 0 : 11 - rest) == value[8] - '0';
    }
}
