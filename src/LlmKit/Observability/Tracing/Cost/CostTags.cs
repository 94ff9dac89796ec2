using System.Diagnostics;
using System.Globalization;
using LlmKit.Calls;
using LlmKit.Models;

namespace LlmKit.Observability.Tracing;

/// <summary>The cost of a call on its span, in USD: all attempts together. A cost that is not known is left out, never 0.</summary>
internal static class CostTags
{
    private const string Usd = "USD";
    // Reckoned here by the price, not told by the provider.
    private const string Local = "local";

    public static void Set(Activity span, IReadOnlyList<CallAttempt> attempts, decimal total, CostAliases aliases)
    {
        var parts = CostParts.Zero;
        string? version = null;
        var isSplit = true;
        foreach (var attempt in attempts)
        {
            if (!attempt.Priced)
                continue;
            if (attempt.Price is { } price)
                parts += price.PartsOf(attempt.Usage);
            else
                isSplit = attempt.Spent == Money.Zero && isSplit;
            version = Together(version, attempt.PriceVersion);
        }

        span.AddTag(LlmKitDiagnostics.CostTotalTag, (double)total);
        if (isSplit)
            SetParts(span, parts);
        span.AddTag(LlmKitDiagnostics.CostCurrencyTag, Usd);
        span.AddTag(LlmKitDiagnostics.CostSourceTag, Local);
        if (version is not null)
            span.AddTag(LlmKitDiagnostics.CostPriceVersionTag, version);
        if (aliases != CostAliases.None)
            SetAliases(span, parts, (double)total, isSplit, aliases);
    }

    private static void SetParts(Activity span, in CostParts parts)
    {
        span.AddTag(LlmKitDiagnostics.CostInputTag, AsDouble(parts.Input + parts.CacheWrite));
        if (parts.CachedInput > Money.Zero)
            span.AddTag(LlmKitDiagnostics.CostCachedInputTag, AsDouble(parts.CachedInput));
        span.AddTag(LlmKitDiagnostics.CostOutputTag, AsDouble(parts.Output));
    }

    private static void SetAliases(Activity span, in CostParts parts, double total, bool isSplit, CostAliases aliases)
    {
        var (input, output) = (AsDouble(parts.Input + parts.CacheWrite + parts.CachedInput), AsDouble(parts.Output));
        if (aliases.HasFlag(CostAliases.OtelDraft))
        {
            span.AddTag(CostNames.DraftAmount, total);
            span.AddTag(CostNames.DraftCurrency, Usd);
            span.AddTag(CostNames.DraftSource, Local);
        }

        if (aliases.HasFlag(CostAliases.Langfuse))
        {
            span.AddTag(CostNames.LangfuseTotal, total);
            span.AddTag(CostNames.LangfuseDetails, isSplit
                ? string.Create(CultureInfo.InvariantCulture, $$"""{"input":{{input}},"output":{{output}},"total":{{total}}}""")
                : string.Create(CultureInfo.InvariantCulture, $$"""{"total":{{total}}}"""));
        }

        if (!aliases.HasFlag(CostAliases.OpenInference))
            return;
        if (isSplit)
        {
            span.AddTag(CostNames.Prompt, input);
            SetPromptDetails(span, parts);
            span.AddTag(CostNames.Completion, output);
        }

        span.AddTag(CostNames.Total, total);
    }

    private static void SetPromptDetails(Activity span, in CostParts parts)
    {
        span.AddTag(CostNames.PromptInput, AsDouble(parts.Input));
        if (parts.CachedInput > Money.Zero)
            span.AddTag(CostNames.PromptCacheRead, AsDouble(parts.CachedInput));
        if (parts.CacheWrite > Money.Zero)
            span.AddTag(CostNames.PromptCacheWrite, AsDouble(parts.CacheWrite));
    }

    /// <summary>Attempts on several models have several prices: their versions stand side by side.</summary>
    private static string? Together(string? versions, string? version) =>
        version is null || versions == version ? versions
        : versions is null ? version
        : versions.Split(',').Contains(version) ? versions
        : $"{versions},{version}";

    private static double AsDouble(Money money) => (double)money.ToUsd();
}
