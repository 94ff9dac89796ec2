using System.Diagnostics;
using System.Globalization;
using LlmKit.Benchmarks.Measuring;

namespace LlmKit.Benchmarks.Gate;

/// <summary>Fails when a row allocates more bytes or takes more time than its limit.</summary>
/// <remarks>
/// Bytes are exact and judged at once. A time beyond its limit is measured once more, as a neighbour on the machine can only make
/// things slower; the better run counts.
/// </remarks>
internal static class SpeedGate
{
    private const int Runs = 2;

    public static int Run()
    {
        var watch = Stopwatch.StartNew();
        var limits = Limits.Read();
        var wanted = limits.All.SelectMany(limit => limit.Rows).Concat(limits.Yardsticks.Select(yardstick => yardstick.Row)).ToHashSet();
        var findings = Measure(limits, limits.All, wanted);
        for (var run = 1; run < Runs && findings.Exists(finding => !finding.Holds && finding.IsTime); run++)
        {
            Console.WriteLine("A time is beyond its limit: measuring times once more.");
            var timed = limits.All.Where(limit => limit.IsTimed).ToList();
            var rows = timed.SelectMany(limit => limit.Rows).Concat(limits.Yardsticks.Select(yardstick => yardstick.Row)).ToHashSet();
            findings = Better(findings, Measure(limits, timed, rows));
        }

        Print(findings);
        var broken = findings.Count(finding => !finding.Holds);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{findings.Count - broken} limits hold, {broken} are broken ({watch.Elapsed.TotalSeconds:0} s)."));
        return broken == 0 ? 0 : 1;
    }

    private static List<Finding> Measure(Limits limits, IReadOnlyList<Limit> checkedLimits, HashSet<string> rows)
    {
        var measured = Measurer.Run(Measurer.Quick, rows.Contains);
        foreach (var row in measured)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.Row,-40} {row.Median,12:0.0} ns, best {row.Best,10:0.0} ns {row.Bytes,8:#,0} B"));
        var judge = new Judge(limits, measured);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"This machine takes {judge.Slowness:0.00} times as long as the reference machine.\n"));
        return [.. checkedLimits.SelectMany(judge.Check)];
    }

    private static List<Finding> Better(List<Finding> first, List<Finding> second) =>
        first.ConvertAll(old => second.Find(now => now.Row == old.Row && now.What == old.What && old.IsTime && now.Measured < old.Measured) ?? old);

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
