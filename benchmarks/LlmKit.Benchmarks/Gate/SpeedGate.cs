using System.Diagnostics;
using System.Globalization;
using LlmKit.Benchmarks.Measuring;

namespace LlmKit.Benchmarks.Gate;

/// <summary>Fails when a row allocates more bytes or takes more time than its limit.</summary>
/// <remarks>
/// Bytes are exact and judged at once. Where a time is beyond its limit, the rows of that limit, and of no other, are measured again, a few times
/// at most, and the median of the rounds counts: a neighbour on the machine slows now the row and now the one that it is compared with.
/// </remarks>
internal static class SpeedGate
{
    private const int MostRounds = 9;

    public static int Run()
    {
        var watch = Stopwatch.StartNew();
        var limits = Limits.Read();
        var rounds = Measure(limits, limits.All);
        var findings = rounds;
        for (var round = 1; round < MostRounds && findings.Exists(IsSlow); round++)
        {
            var slow = findings.Where(IsSlow).Select(finding => finding.Row).ToHashSet();
            Console.WriteLine($"Beyond the limit on time: {string.Join(", ", slow)}. Measuring again.");
            rounds = [.. rounds, .. Measure(limits, limits.All.Where(limit => slow.Contains(limit.Row)))];
            findings = [.. rounds.GroupBy(finding => (finding.Row, finding.What)).Select(Middle)];
        }

        Print(findings);
        var broken = findings.Count(finding => !finding.Holds);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{findings.Count - broken} limits hold, {broken} are broken ({watch.Elapsed.TotalSeconds:0} s)."));
        return broken == 0 ? 0 : 1;
    }

    private static bool IsSlow(Finding finding) => !finding.Holds && finding.IsTime;

    private static List<Finding> Measure(Limits limits, IEnumerable<Limit> chosen)
    {
        var judged = chosen.ToList();
        var rows = judged.SelectMany(limit => limit.Rows).Concat(limits.Yardsticks.Select(yardstick => yardstick.Row)).ToHashSet();
        var measured = Measurer.Run(Measurer.Quick, rows.Contains);
        foreach (var row in measured)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.Row,-40} {row.Median,12:0.0} ns, best {row.Best,10:0.0} ns {row.Bytes,8:#,0} B"));
        var judge = new Judge(limits, measured);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"This machine takes {judge.Slowness:0.00} times as long as the reference machine.\n"));
        return [.. judged.SelectMany(judge.Check)];
    }

    /// <summary>Gives what was found first, with the median of the rounds where it is a time.</summary>
    private static Finding Middle(IEnumerable<Finding> rounds)
    {
        var all = rounds.ToList();
        if (!all[0].IsTime)
            return all[0];
        double[] sorted = [.. all.Select(finding => finding.Measured).Order()];
        return all[0] with { Measured = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2 };
    }

    private static void Print(List<Finding> findings)
    {
        Console.WriteLine("| Row | Limited | Measured | Limit | |");
        Console.WriteLine("|---|---|---:|---:|---|");
        foreach (var finding in findings)
        {
            var verdict = finding.Holds ? "" : finding.Allowed == 0 ? "BROKEN" : $"BROKEN by {finding.Measured / finding.Allowed - 1:0%}";
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {finding.Row} | {finding.What} | {finding.Measured:#,0.##} | {finding.Allowed:#,0.##} | {verdict} |"));
        }
    }
}
