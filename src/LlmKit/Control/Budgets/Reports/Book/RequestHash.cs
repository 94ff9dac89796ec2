using LlmKit.Calls;
using LlmKit.Internal;
using LlmKit.Internal.Keys;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.Budgets.Reports.Book;

/// <summary>Hashes all that can change a request's answer, and who may see it: what a cache of equal requests goes by.</summary>
/// <remarks>Under a secret of this process, so that nobody who sees a hash can try texts against it.</remarks>
internal static class RequestHash
{
    /// <summary>Gives the hash; <see langword="null"/> for a request that a cache has no part in.</summary>
    public static UInt128? Of(LlmCall call, IReadOnlyList<ChatMessage> messages, ChatOptions options, byte[] secret, bool perUser)
    {
        if (options.ConversationId is not null || options.ContinuationToken is not null || options.RawRepresentationFactory is not null)
            return null;
        if (Turns.HasToolResults(messages, Turns.LastOfUser(messages)))
            return null;
        var key = KeyWriter.Rent();
        key.Data(secret);
        key.Text(call.Tenant);
        key.Text(perUser ? call.User : null);
        ModelKeys.Write(key, options, call);
        OptionKeys.Write(key, options);
        for (var i = 0; i < messages.Count; i++)
            MessageKeys.Write(key, messages[i], withTexts: true);
        var hash = key.Finish();
        var isWhole = key.Problem is null;
        KeyWriter.Return(key);
        return isWhole ? new(hash.A, hash.B) : null;
    }
}
