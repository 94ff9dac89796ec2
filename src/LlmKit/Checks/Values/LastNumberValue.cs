using System.Globalization;

namespace LlmKit.Checks.Values;

/// <summary>The last number of an answer: digits, with commas between groups of three, and a point before decimals.</summary>
internal sealed class LastNumberValue : IAnswerValue
{
    private const int Group = 3;

    public string? Read(string answer)
    {
        var end = answer.AsSpan().LastIndexOfAnyInRange('0', '9') + 1;
        var start = end;
        while (start > 0 && (char.IsAsciiDigit(answer[start - 1]) || answer[start - 1] is ',' or '.'))
            start--;
        var digits = WithoutGroups(answer.AsSpan(start, end - start).TrimStart(",."));
        if (!decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return null;
        return (IsNegative(answer.AsSpan(0, start)) ? -number : number).ToString("0.############################", CultureInfo.InvariantCulture);
    }

    /// <summary>Takes the commas out; what stands before a comma that parts no group of three is another number.</summary>
    private static string WithoutGroups(ReadOnlySpan<char> digits)
    {
        var whole = digits.IndexOf('.') is var point and >= 0 ? digits[..point] : digits;
        for (var comma = whole.LastIndexOf(','); comma >= 0; comma = whole[..comma].LastIndexOf(','))
        {
            var next = whole[(comma + 1)..].IndexOf(',');
            if ((next < 0 ? whole.Length - comma - 1 : next) != Group)
                return digits[(comma + 1)..].ToString().Replace(",", "", StringComparison.Ordinal);
        }

        return digits.ToString().Replace(",", "", StringComparison.Ordinal);
    }

    // A hyphen behind a letter or a digit joins or subtracts.
    private static bool IsNegative(ReadOnlySpan<char> before) =>
        before.EndsWith('-') && (before.Length == 1 || !char.IsLetterOrDigit(before[^2]));
}
