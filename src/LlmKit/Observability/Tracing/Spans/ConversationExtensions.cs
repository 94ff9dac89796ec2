using Microsoft.Extensions.AI;

namespace LlmKit;

/// <summary>Says of a conversation what its messages do not show.</summary>
public static class ConversationExtensions
{
    internal const string CompactedKey = "llmkit.conversation.compacted";

    /// <summary>Notes that earlier turns were summed up or left out before this request. Spans of the next conventions tell it; no provider sees it.</summary>
    /// <remarks>It lies in <see cref="ChatOptions.AdditionalProperties"/> as <c>llmkit.conversation.compacted</c>, which may be set by hand as well.</remarks>
    /// <typeparam name="TOptions">The class of the options.</typeparam>
    /// <param name="options">The options of the request; they are changed.</param>
    /// <returns>The same options.</returns>
    public static TOptions WithCompactedConversation<TOptions>(this TOptions options)
        where TOptions : ChatOptions
    {
        ArgumentNullException.ThrowIfNull(options);
        (options.AdditionalProperties ??= [])[CompactedKey] = true;
        return options;
    }
}
