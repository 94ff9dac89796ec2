using LlmKit.Text.Scanning;

namespace LlmKit.Text.Detectors;

/// <summary>The country codes of ITU-T E.164.</summary>
internal static class CallingCodes
{
    private const int NorthAmerican = 11;
    private const int Longest = 15;

    /// <summary>The most digits of a number, country code included, that begins here; 0 if no assigned country code does.</summary>
    public static int MostDigits(ref TextCursor cursor, int start)
    {
        var first = cursor[start];
        if (first is '1' or '7')
            return first == '1' ? NorthAmerican : Longest;
        var second = cursor[start + 1];
        if (!Chars.IsDigit(first) || !Chars.IsDigit(second))
            return 0;
        var assigned = IsTwoDigit((first - '0') * 10 + second - '0') || IsThreeDigit(first, second, cursor[start + 2]);
        return assigned ? Longest : 0;
    }

    private static bool IsTwoDigit(int code) => code switch
    {
        20 or 27 or >= 30 and <= 34 or 36 or 39 or 40 or 41 or >= 43 and <= 49 => true,
        >= 51 and <= 58 or >= 60 and <= 66 or 81 or 82 or 84 or 86 or >= 90 and <= 95 or 98 => true,
        _ => false,
    };

    // The codes of three digits by their first two; of the gaps among their third digits only those of 99 are told.
    private static bool IsThreeDigit(char first, char second, char third) => first switch
    {
        '2' => second is '1' or '2' or '3' or '4' or '5' or '6' or '9',
        '3' => second is '5' or '7' or '8',
        '4' => second == '2',
        '5' => second is '0' or '9',
        '6' => second is '7' or '8' or '9',
        '8' => second is '0' or '5' or '7' or '8',
        '9' => second is '6' or '7' || (second == '9' && third is (>= '2' and <= '6') or '8'),
        _ => false,
    };
}
