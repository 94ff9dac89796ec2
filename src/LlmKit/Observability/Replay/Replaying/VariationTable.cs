using System.Globalization;
using System.Text;

namespace LlmKit.Observability.Replay;

/// <summary>Writes reports of variation as a table in columns.</summary>
internal static class VariationTable
{
    private static readonly string[] Head = ["model", "runs", "failed", "distinct", "exact", "normalised", "parsed", "tools", "recorded", "cost USD", "p50 ms", "p95 ms", "fingerprints"];

    public static string Of(IReadOnlyList<VariationReport> reports)
    {
        string[][] rows = [Head, .. reports.Select(Row)];
        var widths = Head.Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            var cells = row.Select((cell, column) => column is 0 or 12 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
            text.Append(string.Join("  ", cells).TrimEnd()).Append('\n');
        }

        return text.ToString();
    }

    private static string[] Row(VariationReport report) =>
    [
        report.Name,
        Text(report.Runs.Count),
        Text(report.Failed),
        Text(report.Distinct),
        Share(report.ExactAgreement),
        Share(report.NormalizedAgreement),
        Share(report.ParsedAgreement),
        Share(report.ToolCallAgreement),
        Share(report.RecordedAgreement),
        report.Cost?.ToString("0.000000", CultureInfo.InvariantCulture) ?? "-",
        Milliseconds(report.Latency(50)),
        Milliseconds(report.Latency(95)),
        report.Fingerprints.Count == 0 ? "-" : string.Join(", ", report.Fingerprints.OrderByDescending(fingerprint => fingerprint.Value).Select(fingerprint => $"{fingerprint.Key} ({Text(fingerprint.Value)})")),
    ];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Share(double? share) => share?.ToString("0.00", CultureInfo.InvariantCulture) ?? "-";

    private static string Milliseconds(TimeSpan? time) => time?.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture) ?? "-";
}
