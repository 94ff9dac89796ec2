namespace LlmKit.Text.Locales.Checksums;

/// <summary>Dates of birth inside identifiers.</summary>
internal static class BirthDates
{
    /// <summary>Whether six digits are year, month and day of some century from 1900 on.</summary>
    public static bool IsYearMonthDay(ReadOnlySpan<char> digits) => IsDate(Two(digits), Two(digits[2..]), Two(digits[4..]));

    /// <summary>Whether six digits are day, month and year of some century from 1900 on.</summary>
    public static bool IsDayMonthYear(ReadOnlySpan<char> digits) => IsDate(Two(digits[4..]), Two(digits[2..]), Two(digits));

    /// <summary>Whether these are a date, in 1900 to 1999 or in 2000 to 2099.</summary>
    public static bool IsDate(int yearOfCentury, int month, int day) => IsDateOf(1900 + yearOfCentury, month, day) || IsDateOf(2000 + yearOfCentury, month, day);

    public static bool IsDateOf(int year, int month, int day) => month is >= 1 and <= 12 && year is >= 1 and <= 9999 && day >= 1 && day <= DateTime.DaysInMonth(year, month);

    public static int Two(ReadOnlySpan<char> digits) => (digits[0] - '0') * 10 + digits[1] - '0';
}
