using System.Diagnostics;
using System.Globalization;
using LlmKit.Benchmarks.Measuring;

namespace LlmKit.Benchmarks.Gate;

/// <summary>Fails when a row allocates more bytes or takes more time than its limit.</summary>
/// <remarks>
/// Bytes are exact and judged at once. Where a time is beyond its limit, the rows of that limit, and of no other, are measured again, a few times
/// at most, and the best of all rounds counts, of the row and of what it is compared with: a shared machine runs now fast and now slow for
/// seconds, which only ever adds time, and a round may meet the row in the one and its yardstick in the other.
/// </remarks>
internal static class SpeedGate
{
    private const int MostRounds = 9;

    public static int Run()
    {
        var watch = Stopwatch.StartNew();
        var limits = Limits.Read();
        var known = new Dictionary<string, Measurement>();
        Measure(limits, limits.All, known);
        var findings = Judged(limits, known);
        for (var round = 1; round < MostRounds && findings.Exists(IsSlow); round++)
        {
            var slow = findings.Where(IsSlow).Select(finding => finding.Row).ToHashSet();
            Console.WriteLine($"Beyond the limit on time: {string.Join(", ", slow)}. Measuring again.");
            Measure(limits, limits.All.Where(limit => slow.Contains(limit.Row)), known);
            findings = Judged(limits, known);
        }

        Print(findings);
        var broken = findings.Count(finding => !finding.Holds);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{findings.Count - broken} limits hold, {broken} are broken ({watch.Elapsed.TotalSeconds:0} s)."));
        return broken == 0 ? 0 : 1;
    }

    private static bool IsSlow(Finding finding) => !finding.Holds && finding.IsTime;

    private static void Measure(Limits limits, IEnumerable<Limit> chosen, Dictionary<string, Measurement> known)
    {
        var rows = chosen.SelectMany(limit => limit.Rows).Concat(limits.Yardsticks.Select(yardstick => yardstick.Row)).ToHashSet();
        foreach (var row in Measurer.Run(Measurer.Quick, rows.Contains))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.Row,-40} {row.Median,12:0.0} ns, best {row.Best,10:0.0} ns {row.Bytes,8:#,0} B"));
            known[row.Row] = known.TryGetValue(row.Row, out var before) ? before with { Best = Math.Min(before.Best, row.Best) } : row;
        }
    }

    private static List<Finding> Judged(Limits limits, Dictionary<string, Measurement> known)
    {
        var judge = new Judge(limits, known);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"This machine takes {judge.Slowness:0.00} times as long as the reference machine.\n"));
        return [.. limits.All.SelectMany(judge.Check)];
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
