using LlmKit.Calls;
using LlmKit.Internal;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.Caching;

/// <summary>Says which calls do not concern the cache, before anything is hashed.</summary>
internal static class CacheBypass
{
    /// <summary>Gives why the cache takes no part in a call, or <see langword="null"/> when it does.</summary>
    public static string? Reason(IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CachePolicy policy)
    {
        if (call.Purpose is not null)
            return "a child call";
        if ((Terms(options, call).Cache & LlmCacheDirectives.Bypass) == LlmCacheDirectives.Bypass)
            return "the call asks for it";
        if (options.ConversationId is not null || options.ContinuationToken is not null)
            return "the provider keeps the conversation";
        if (options.RawRepresentationFactory is not null)
            return "raw options cannot be hashed";
        if (options.Temperature > policy.MaxTemperature)
            return "the temperature asks for variety";
        // What a tool has read is as fresh as the moment: the next request with the same words may read something else.
        if (Turns.HasToolResults(messages, from: 0))
            return "the request holds results of tools";
        return HasRemoteAttachment(messages) ? "what is behind an attachment's address can change" : null;
    }

    public static CallTerms Terms(ChatOptions options, LlmCall call) => (options as LlmCallOptions)?.Terms ?? call.Terms;

    private static bool HasRemoteAttachment(IReadOnlyList<ChatMessage> messages)
    {
        for (var i = 0; i < messages.Count; i++)
        {
            var contents = messages[i].Contents;
            for (var k = 0; k < contents.Count; k++)
            {
                if (contents[k] is UriContent)
                    return true;
            }
        }

        return false;
    }
}
