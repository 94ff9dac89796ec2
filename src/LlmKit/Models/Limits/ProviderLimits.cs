using System.Globalization;
using Microsoft.Extensions.AI;

namespace LlmKit;

/// <summary>What a provider said with an answer is left of its limits.</summary>
/// <remarks>Immutable. A provider's client leaves it on its answer, or on the first update of a stream, under <see cref="Key"/>; the door to the model takes it off.</remarks>
public sealed record ProviderLimits
{
    /// <summary>The name under which it lies in <see cref="ChatResponse.AdditionalProperties"/> and <see cref="ChatResponseUpdate.AdditionalProperties"/>.</summary>
    public const string Key = "llmkit.provider_limits";

    /// <summary>Gets the requests that are left; <see langword="null"/> when it did not say.</summary>
    public long? Requests { get; init; }

    /// <summary>Gets the input tokens that are left; <see langword="null"/> when it did not say.</summary>
    public long? InputTokens { get; init; }

    /// <summary>Gets the output tokens that are left; <see langword="null"/> when it did not say.</summary>
    public long? OutputTokens { get; init; }

    /// <summary>Gets the tokens that are left; <see langword="null"/> when it did not say.</summary>
    public long? Tokens { get; init; }

    /// <summary>Reads the headers of OpenAI, of those who imitate it, and of Anthropic.</summary>
    /// <param name="header">Gives a header's value, or <see langword="null"/>.</param>
    /// <returns><see langword="null"/> when none of them is there and readable.</returns>
    public static ProviderLimits? Read(Func<string, string?> header)
    {
        ArgumentNullException.ThrowIfNull(header);
        var read = new ProviderLimits
        {
            Requests = Number(header, "x-ratelimit-remaining-requests") ?? Number(header, "anthropic-ratelimit-requests-remaining"),
            InputTokens = Number(header, "anthropic-ratelimit-input-tokens-remaining"),
            OutputTokens = Number(header, "anthropic-ratelimit-output-tokens-remaining"),
            Tokens = Number(header, "x-ratelimit-remaining-tokens") ?? Number(header, "anthropic-ratelimit-tokens-remaining"),
        };
        return read == None ? null : read;
    }

    /// <summary>Leaves this on an answer.</summary>
    /// <param name="response">The answer.</param>
    public void LeaveOn(ChatResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        (response.AdditionalProperties ??= [])[Key] = this;
    }

    /// <summary>Leaves this on an update, the first of a stream.</summary>
    /// <param name="update">The update.</param>
    public void LeaveOn(ChatResponseUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        (update.AdditionalProperties ??= [])[Key] = this;
    }

    internal long? Of(RateLimitKind kind) => kind switch
    {
        RateLimitKind.Requests => Requests,
        RateLimitKind.InputTokens => InputTokens,
        RateLimitKind.OutputTokens => OutputTokens,
        RateLimitKind.Tokens => Tokens,
        _ => null,
    };

    /// <summary>Takes what a provider's client left off an answer.</summary>
    internal static ProviderLimits? TakeOff(ChatResponse response)
    {
        if (response.AdditionalProperties is not { } properties || !properties.Remove(Key, out var value))
            return null;
        if (properties.Count == 0)
            response.AdditionalProperties = null;
        return value as ProviderLimits;
    }

    /// <summary>Takes what a provider's client left off an update.</summary>
    internal static ProviderLimits? TakeOff(ChatResponseUpdate update)
    {
        if (update.AdditionalProperties is not { } properties || !properties.Remove(Key, out var value))
            return null;
        if (properties.Count == 0)
            update.AdditionalProperties = null;
        return value as ProviderLimits;
    }

    private static ProviderLimits None { get; } = new();

    // Nobody has less than nothing left, and what cannot be read says nothing.
    private static long? Number(Func<string, string?> header, string name) =>
        long.TryParse(header(name)?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
