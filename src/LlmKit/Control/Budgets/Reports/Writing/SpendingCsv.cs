using System.Globalization;

namespace LlmKit.Control.Budgets.Reports.Writing;

/// <summary>Writes a report's rows as RFC 4180 has them.</summary>
internal static class SpendingCsv
{
    private const string Header =
        "day,tenant,feature,model,is_merged,calls,failed_calls,hits,repeats,attempts,failed_attempts,estimated_attempts,unpriced_attempts,fallback_priced_attempts,input_tokens,cached_input_tokens,output_tokens,reasoning_tokens,cost_usd,repeated_cost_usd\r\n";

    public static void Write(SpendingReport report, TextWriter target)
    {
        target.Write(Header);
        foreach (var row in report.Rows)
            Write(row, target);
    }

    private static void Write(SpendingRow row, TextWriter target)
    {
        var figures = row.Figures;
        target.Write(row.Day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        foreach (var name in new[] { row.Tenant, row.Feature, row.Model })
        {
            target.Write(',');
            target.Write(CsvText.Quote(name));
        }

        target.Write(row.IsMerged ? ",1" : ",0");
        foreach (var count in new[]
        {
            figures.Calls, figures.FailedCalls, figures.Hits, figures.Repeats, figures.Attempts, figures.FailedAttempts, figures.EstimatedAttempts, figures.UnpricedAttempts,
            figures.FallbackPricedAttempts, figures.Tokens.Input, figures.Tokens.CachedInput, figures.Tokens.Output, figures.Tokens.Reasoning,
        })
        {
            target.Write(string.Create(CultureInfo.InvariantCulture, $",{count}"));
        }

        target.Write(string.Create(CultureInfo.InvariantCulture, $",{figures.Cost:0.############},{figures.RepeatedCost:0.############}\r\n"));
    }
}
