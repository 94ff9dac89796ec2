using LlmKit.Calls;
using LlmKit.Internal;
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
        // What a tool has just read is as fresh as the moment: the next request with the same words may read something else.
        return Turns.HasToolResults(messages, lastUser) ? "tool results follow the question" : null;
    }

    public static LlmCacheDirectives Directives(ChatOptions options, LlmCall call) => Own(options, call).Cache;

    public static TimeSpan? MaxAge(ChatOptions options, LlmCall call) => Own(options, call).CacheMaxAge;

    private static CallTerms Own(ChatOptions options, LlmCall call) => (options as LlmCallOptions)?.Terms ?? call.Terms;
}
