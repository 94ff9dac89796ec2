using System.Diagnostics.Metrics;

namespace LlmKit.Control.Budgets.Reports.Book;

/// <summary>What the report counts of what exceeds its bounds.</summary>
internal static class ReportTelemetry
{
    private static readonly Counter<long> MergedEntries = LlmKitDiagnostics.Meter.CreateCounter<long>(
        "llmkit.report.merged", "{entry}", "Entries of the spending report that found no row of their own because it has as many as it may.");

    private static readonly Counter<long> ForgottenRequests = LlmKitDiagnostics.Meter.CreateCounter<long>(
        "llmkit.report.requests.forgotten", "{request}", "Requests that the spending report forgot before their time because it remembers as many as it may.");

    public static void Merged() => MergedEntries.Add(1);

    public static void Forgotten(long requests) => ForgottenRequests.Add(requests);
}
