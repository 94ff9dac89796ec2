using System.Globalization;

namespace LlmKit.Control.Budgets.Reports.Page;

/// <summary>Words numbers for a reader.</summary>
internal static class Figures
{
    /// <summary>Gives an amount with as many decimals as it needs to be told from another of its size.</summary>
    public static string Usd(decimal usd) => usd.ToString(Math.Abs(usd) switch { 0 => "0", >= 1_000 => "#,0", >= 1 => "0.00", >= 0.01m => "0.00##", _ => "0.00####" }, CultureInfo.InvariantCulture);

    /// <summary>Gives a count in full, with thousands apart.</summary>
    public static string Count(decimal count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>Gives a count of four characters or so.</summary>
    public static string Short(decimal count) => Math.Abs(count) switch
    {
        >= 1_000_000_000 => (count / 1_000_000_000).ToString("0.0", CultureInfo.InvariantCulture) + " G",
        >= 1_000_000 => (count / 1_000_000).ToString("0.0", CultureInfo.InvariantCulture) + " M",
        >= 10_000 => (count / 1_000).ToString("0", CultureInfo.InvariantCulture) + " k",
        _ => Count(count),
    };

    public static string Percent(double part) => (part * 100).ToString(part is > 0 and < 0.1 ? "0.0" : "0", CultureInfo.InvariantCulture) + " %";

    /// <summary>Gives a number for a style or a coordinate.</summary>
    public static string Coordinate(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    /// <summary>Gives round marks from 0 to the first at or above the greatest value: steps of 1, 2 or 5 of some power of ten, four or five of them.</summary>
    public static IReadOnlyList<decimal> Marks(decimal greatest)
    {
        if (greatest <= 0)
            return [0, 1];
        var step = 0.000000000001m;
        for (var factor = 0; step * 5 < greatest; factor++)
            step *= factor % 3 == 1 ? 2.5m : 2;
        List<decimal> marks = [0];
        while (marks[^1] < greatest)
            marks.Add(marks[^1] + step);
        return marks;
    }
}
