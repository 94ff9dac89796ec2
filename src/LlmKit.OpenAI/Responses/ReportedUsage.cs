using Microsoft.Extensions.AI;
using Sdk = OpenAI.Chat;

namespace LlmKit.OpenAI.Responses;

/// <summary>Reads what the provider charged for.</summary>
internal static class ReportedUsage
{
    /// <summary>Reads the counts of one answer: cached tokens are part of the input, reasoning tokens part of the output.</summary>
    /// <returns>The counts, or <see langword="null"/> when the provider sent none or only zeros: nothing was free, it was not counted.</returns>
    internal static UsageDetails? From(Sdk.ChatTokenUsage? usage)
    {
        if (usage is null) return null;
        long input = usage.InputTokenCount, output = usage.OutputTokenCount, total = usage.TotalTokenCount;
        if (input == 0 && output == 0 && total == 0) return null;

        // Some servers leave thinking out of the output and count it in the total only. It is charged as output.
        if (total > input + output) output = total - input;
        return new()
        {
            InputTokenCount = input,
            OutputTokenCount = output,
            TotalTokenCount = input + output,
            CachedInputTokenCount = usage.InputTokenDetails?.CachedTokenCount,
            ReasoningTokenCount = usage.OutputTokenDetails?.ReasoningTokenCount,
            AdditionalCounts = AudioCounts(usage),
        };
    }

    private static AdditionalPropertiesDictionary<long>? AudioCounts(Sdk.ChatTokenUsage usage)
    {
        var input = usage.InputTokenDetails?.AudioTokenCount ?? 0;
        var output = usage.OutputTokenDetails?.AudioTokenCount ?? 0;
        return input == 0 && output == 0 ? null : new() { ["InputAudioTokens"] = input, ["OutputAudioTokens"] = output };
    }
}
