using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.Caching;

/// <summary>Says which calls do not concern the cache, before anything is hashed.</summary>
internal static class CacheBypass
{
    /// <summary>Gives why the cache takes no part in a call, or <see langword="null"/> when it does.</summary>
    public static string? Reason(IReadOnlyList<ChatMessage> messages, int lastUser, ChatOptions options, LlmCall call, CachePolicy policy)
    {
        if (call.Purpose is not null)
            return "a child call";
        if ((Directives(options, call) & LlmCacheDirectives.Bypass) == LlmCacheDirectives.Bypass)
            return "the call asks for it";
        if (options.ConversationId is not null || options.ContinuationToken is not null)
            return "the provider keeps the conversation";
        if (options.RawRepresentationFactory is not null)
            return "raw options cannot be hashed";
        if (options.Temperature > policy.MaxTemperature)
            return "the temperature asks for variety";
        return EndsWithToolResults(messages, lastUser) ? "tool results follow the question" : null;
    }

    public static LlmCacheDirectives Directives(ChatOptions options, LlmCall call) => Own(options, call).Cache;

    public static TimeSpan? MaxAge(ChatOptions options, LlmCall call) => Own(options, call).CacheMaxAge;

    public static int LastUserMessage(IReadOnlyList<ChatMessage> messages)
    {
        for (var i = messages.Count - 1; i >= 0; i--)
        {
            if (messages[i].Role == ChatRole.User)
                return i;
        }

        return -1;
    }

    private static CallTerms Own(ChatOptions options, LlmCall call) => (options as LlmCallOptions)?.Terms ?? call.Terms;

    /// <summary>What a tool has just read is as fresh as the moment: the next request with the same words may read something else.</summary>
    private static bool EndsWithToolResults(IReadOnlyList<ChatMessage> messages, int lastUser)
    {
        for (var i = Math.Max(lastUser, 0); i < messages.Count; i++)
        {
            if (messages[i].Role == ChatRole.Tool)
                return true;
            foreach (var content in messages[i].Contents)
            {
                if (content is ToolResultContent)
                    return true;
            }
        }

        return false;
    }
}
