using static LlmKit.Text.Locales.Checksums.WeightedSum;

namespace LlmKit.Text.Locales.Checksums;

/// <summary>What the authorities of Asia check.</summary>
internal static class AsianChecks
{
    private const string GoodsAndServices = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /// <summary>India, GSTIN: weights 1 and 2 in base 36, the digits of each product added up.</summary>
    public static bool GoodsAndServicesTax(ReadOnlySpan<char> value)
    {
        var sum = 0;
        for (var i = 0; i < 14; i++)
        {
            var product = Base36(value[i]) * (1 + i % 2);
            sum += product / 36 + product % 36;
        }

        return value[14] == GoodsAndServices[(36 - sum % 36) % 36];
    }

    /// <summary>Singapore, NRIC and FIN: the letter of the weighted sum, by the century and the kind of the holder.</summary>
    public static bool SingaporeIdentity(ReadOnlySpan<char> value)
    {
        var sum = Of(value[1..], 2, 7, 6, 5, 4, 3, 2) + value[0] switch { 'T' or 'G' => 4, 'M' => 3, _ => 0 };
        var letters = value[0] switch { 'S' or 'T' => "JZIHGFEDCBA", 'M' => "XWUTRQPNJLK", _ => "XWUTRQPNMLK" };
        return value[8] == letters[sum % 11];
    }

    /// <summary>Singapore, UEN of a business: eight digits and the letter of their sum.</summary>
    public static bool SingaporeBusiness(ReadOnlySpan<char> value) => value[8] == "XMKECAWLJDB"[Of(value, 10, 4, 9, 3, 8, 2, 7, 1) % 11];

    /// <summary>Singapore, UEN of a local company: its year, five digits and the letter of their sum.</summary>
    public static bool SingaporeCompany(ReadOnlySpan<char> value) => value[9] == "ZKCMDNERGWH"[Of(value, 10, 8, 6, 4, 9, 7, 5, 3, 1) % 11];

    /// <summary>Singapore, UEN of other entities: year, kind, four digits and the letter of their sum.</summary>
    public static bool SingaporeEntity(ReadOnlySpan<char> value)
    {
        const string letters = "ABCDEFGHJKLMNPQRSTUVWX0123456789";
        ReadOnlySpan<int> weights = [4, 3, 5, 3, 10, 2, 2, 5, 7];
        var sum = 0;
        for (var i = 0; i < weights.Length; i++)
            sum += letters.IndexOf(value[i]) * weights[i];
        return sum >= 5 && value[9] == letters[(sum - 5) % 11];
    }

    /// <summary>Korea: a date of birth and a digit of gender and century, as every resident number has.</summary>
    public static bool KoreanBirthDate(ReadOnlySpan<char> value) => BirthDates.IsYearMonthDay(value);

    /// <summary>Korea, resident registration number given out before October 2020.</summary>
    public static bool KoreanResident(ReadOnlySpan<char> value) => KoreanBirthDate(value) && (11 - KoreanSum(value) % 11) % 10 == value[12] - '0';

    /// <summary>Korea, foreigner registration number given out before October 2020.</summary>
    public static bool KoreanForeigner(ReadOnlySpan<char> value) => KoreanBirthDate(value) && (13 - KoreanSum(value) % 11) % 10 == value[12] - '0';

    /// <summary>Korea, business registration number.</summary>
    public static bool KoreanBusiness(ReadOnlySpan<char> value) =>
        (Of(value, 1, 3, 7, 1, 3, 7, 1, 3, 5) + (value[8] - '0') * 5 / 10 + value[9] - '0') % 10 == 0;

    /// <summary>Thailand: modulo 11 with the weights 13 to 2.</summary>
    public static bool ThaiNational(ReadOnlySpan<char> value) =>
        (11 - Of(value, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2) % 11) % 10 == value[12] - '0';

    /// <summary>Turkey: two digits, of the odd and even places and of all.</summary>
    public static bool TurkishNational(ReadOnlySpan<char> value)
    {
        var odd = Of(value, 1, 0, 1, 0, 1, 0, 1, 0, 1);
        var even = Of(value, 0, 1, 0, 1, 0, 1, 0, 1);
        var tenth = ((odd * 7 - even) % 10 + 10) % 10;
        return tenth == value[9] - '0' && (odd + even + tenth) % 10 == value[10] - '0';
    }

    /// <summary>Philippines, taxpayer number: the ninth digit modulo 11; what follows is the branch.</summary>
    public static bool PhilippineTaxpayer(ReadOnlySpan<char> value) => Of(value, 9, 8, 7, 6, 5, 4, 3, 2) % 11 == value[8] - '0' && value[..9].ContainsAnyExcept(value[0]);

    /// <summary>China, resident number: ISO/IEC 7064 MOD 11-2 and a date of birth.</summary>
    public static bool ChineseResident(ReadOnlySpan<char> value) =>
        BirthDates.IsDateOf((int)Number(value[6..10]), BirthDates.Two(value[10..]), BirthDates.Two(value[12..]))
        && value[17] == "10X98765432"[Of(value, 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2) % 11];

    private static int KoreanSum(ReadOnlySpan<char> value) => Of(value, 2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5);
}
