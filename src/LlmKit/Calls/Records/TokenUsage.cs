using Microsoft.Extensions.AI;

namespace LlmKit.Calls;

/// <summary>Tokens of one attempt or of a whole call. Cached and written tokens are part of the input, reasoning part of the output.</summary>
/// <remarks>Immutable. Providers' figures that contradict themselves are brought within bounds: parts never exceed their whole.</remarks>
public readonly record struct TokenUsage
{
    /// <summary>The name under which adapters count input tokens written to the provider's cache, in <see cref="UsageDetails.AdditionalCounts"/>.</summary>
    public const string CacheWriteKey = "CacheCreationInputTokens";

    // No request is larger; sums and costs of what is within it cannot overflow.
    private const long Most = int.MaxValue;

    /// <summary>Gets all input tokens.</summary>
    public long Input { get; init; }

    /// <summary>Gets the input tokens that the provider read from its own prompt cache.</summary>
    public long CachedInput { get; init; }

    /// <summary>Gets the input tokens that the provider wrote to its own prompt cache.</summary>
    public long CacheWrite { get; init; }

    /// <summary>Gets all output tokens.</summary>
    public long Output { get; init; }

    /// <summary>Gets the output tokens spent on reasoning.</summary>
    public long Reasoning { get; init; }

    /// <summary>Gets input and output together.</summary>
    public long Total => Input + Output;

    /// <summary>Adds two usages.</summary>
    public static TokenUsage operator +(TokenUsage left, TokenUsage right) => new()
    {
        Input = left.Input + right.Input,
        CachedInput = left.CachedInput + right.CachedInput,
        CacheWrite = left.CacheWrite + right.CacheWrite,
        Output = left.Output + right.Output,
        Reasoning = left.Reasoning + right.Reasoning,
    };

    /// <summary>Copies the numbers of reported usage; <see langword="null"/> when it says neither input nor output.</summary>
    internal static TokenUsage? From(UsageDetails? usage)
    {
        if (usage is null || (usage.InputTokenCount is null && usage.OutputTokenCount is null))
            return null;
        var input = Math.Clamp(usage.InputTokenCount ?? 0, 0, Most);
        var output = Math.Clamp(usage.OutputTokenCount ?? 0, 0, Most);
        var cached = Math.Clamp(usage.CachedInputTokenCount ?? 0, 0, input);
        long written = 0;
        _ = usage.AdditionalCounts?.TryGetValue(CacheWriteKey, out written);
        return new()
        {
            Input = input,
            CachedInput = cached,
            CacheWrite = Math.Clamp(written, 0, input - cached),
            Output = output,
            Reasoning = Math.Clamp(usage.ReasoningTokenCount ?? 0, 0, output),
        };
    }

    /// <summary>Stream usage is cumulative: a later figure replaces an earlier one, except where it says less.</summary>
    internal static TokenUsage? Later(TokenUsage? earlier, TokenUsage? later)
    {
        if (earlier is not { } old || later is not { } now)
            return later ?? earlier;
        return new()
        {
            Input = Math.Max(old.Input, now.Input),
            CachedInput = Math.Max(old.CachedInput, now.CachedInput),
            CacheWrite = Math.Max(old.CacheWrite, now.CacheWrite),
            Output = Math.Max(old.Output, now.Output),
            Reasoning = Math.Max(old.Reasoning, now.Reasoning),
        };
    }
}
