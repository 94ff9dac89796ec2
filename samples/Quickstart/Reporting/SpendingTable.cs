using System.Globalization;
using LlmKit;
using Spectre.Console;

namespace Quickstart;

/// <summary>What each tenant spent, which of them runs out, and what one tool loop came to.</summary>
internal static class SpendingTable
{
    public static void Write(IAnsiConsole console, SpendingReport report, IReadOnlyList<Served> served)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("tenant", "calls", "failed or refused", "hits", "repeats", "spent (USD)", "of its day's limit", "outlook");
        foreach (var tenant in report.ByTenant())
        {
            var limit = report.Limits.FirstOrDefault(limit => limit.Scope == BudgetScope.Tenant && limit.Value == tenant.Name);
            table.AddRow(
                Markup.Escape(tenant.Name ?? "(not named)"), Number(tenant.Figures.Calls), Number(tenant.Figures.FailedCalls), Part(tenant.Figures.HitRate), Part(tenant.Figures.RepeatRate),
                Number(tenant.Figures.Cost), limit is null ? "–" : Part(limit.Share), Markup.Escape(Outlook(limit)));
        }

        console.MarkupLine("\n[bold]Spending[/], as `LlmSpending` reports it (a page with charts and CSV: `--report FOLDER`):");
        console.Write(table);
        if (served.MaxBy(one => one.Interaction.ToolCalls) is not { Interaction: { ToolCalls: > 0 } loop } example)
            return;
        console.MarkupLine(string.Create(CultureInfo.InvariantCulture, $"Request {example.Answer.Request.Id} was a tool loop, one `LlmInteraction`: calls {loop.Calls}, tool calls {loop.ToolCalls}, attempts {loop.Attempts}, tokens {loop.Usage.Input} + {loop.Usage.Output}, {loop.Cost:0.000000} USD, {loop.Duration.TotalMilliseconds:0} ms."));
    }

    private static string Outlook(BudgetForecast? limit) => limit switch
    {
        null => "no limit",
        { ExhaustedAt: { } exhausted } when exhausted <= limit.At => "nothing left",
        { ExhaustedAt: { } exhausted } => string.Create(CultureInfo.InvariantCulture, $"runs out at {exhausted.UtcDateTime:HH:mm} UTC at this pace"),
        { Until: { } until } => string.Create(CultureInfo.InvariantCulture, $"lasts until {until.UtcDateTime:HH:mm} UTC, when it starts anew"),
        _ => "does not run out",
    };

    private static string Number(decimal number) => number.ToString("0.######", CultureInfo.InvariantCulture);

    private static string Part(double part) => part.ToString("0 %", CultureInfo.InvariantCulture);
}
