using System.Diagnostics;
using System.Globalization;
using LlmKit.Benchmarks.Measuring;

namespace LlmKit.Benchmarks.Gate;

/// <summary>Fails when a row allocates more bytes or takes more time than its limit.</summary>
/// <remarks>
/// Where a row is beyond its limit, the rows of that limit, and of no other, are measured again, a few times at most. A shared machine runs now
/// fast and now slow for seconds, and what runs beside only ever adds bytes and time. Two figures tell of that, and each errs in its own way:
/// the best of all rounds, where a row or its yardstick has a lucky mode that the other has not, and the median of the rounds, where a round
/// meets the one fast and the other slow. What has become slower or heavier shows in both, so the lower one counts.
/// </remarks>
internal static class SpeedGate
{
    private const int MostRounds = 9;

    /// <param name="classes">The classes to hold to their limits, without their ending; all when empty.</param>
    public static int Run(IReadOnlyList<string> classes)
    {
        var watch = Stopwatch.StartNew();
        var limits = Limits.Read().Of(classes);
        var (best, rounds) = (new Dictionary<string, Measurement>(), new List<Finding>());
        var findings = Measure(limits, limits.All, best, rounds);
        for (var round = 1; round < MostRounds && findings.Exists(finding => !finding.Holds); round++)
        {
            var beyond = findings.Where(finding => !finding.Holds).Select(finding => finding.Row).ToHashSet();
            Console.WriteLine($"Beyond the limit: {string.Join(", ", beyond)}. Measuring again.");
            findings = Measure(limits, limits.All.Where(limit => beyond.Contains(limit.Row)), best, rounds);
        }

        Print(findings);
        var broken = findings.Count(finding => !finding.Holds);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{findings.Count - broken} limits hold, {broken} are broken ({watch.Elapsed.TotalSeconds:0} s)."));
        return broken == 0 ? 0 : 1;
    }

    /// <summary>Measures the rows of some limits once more, and gives what is known by now of all of them.</summary>
    private static List<Finding> Measure(Limits limits, IEnumerable<Limit> chosen, Dictionary<string, Measurement> best, List<Finding> rounds)
    {
        var judged = chosen.ToList();
        var timed = judged.Where(limit => limit.IsTimed).SelectMany(limit => limit.Rows).Concat(limits.Yardsticks.Select(yardstick => yardstick.Row)).ToHashSet();
        var weighed = judged.SelectMany(limit => limit.Rows).Except(timed).ToHashSet();
        var measured = Measurer.Run(Measurer.Quick, timed.Contains);
        if (weighed.Count > 0)
            measured.AddRange(Measurer.Run(Measurer.Bytes, weighed.Contains));
        foreach (var row in measured)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.Row,-40} {row.Median,12:0.0} ns, best {row.Best,10:0.0} ns {row.Bytes,8:#,0} B"));
            best[row.Row] = best.TryGetValue(row.Row, out var before) ? row with { Best = Math.Min(before.Best, row.Best), Bytes = Math.Min(before.Bytes, row.Bytes) } : row;
        }

        var judge = new Judge(limits, best, row => row.Best);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"This machine takes {judge.Slowness:0.00} times as long as the reference machine.\n"));
        rounds.AddRange(judged.SelectMany(new Judge(limits, measured.ToDictionary(row => row.Row), row => row.Median).Check));
        return [.. limits.All.SelectMany(judge.Check).Select(finding => Lower(finding, rounds))];
    }

    private static Finding Lower(Finding best, List<Finding> rounds)
    {
        if (!best.IsTime)
            return best;
        double[] sorted = [.. rounds.Where(finding => (finding.Row, finding.What) == (best.Row, best.What)).Select(finding => finding.Measured).Order()];
        return best with { Measured = Math.Min(best.Measured, (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2) };
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
