using LlmKit.Calls;
using LlmKit.Internal.Keys;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.Caching;

/// <summary>The two hashes of one request: the partition that it may see, and its exact key in it.</summary>
/// <remarks>
/// The partition holds everything that can change the answer but the texts of the last user message; the exact key is the partition and
/// those texts. Ids and times of messages, labels, deadlines, prices and whether a stream was asked for are in neither.
/// </remarks>
/// <param name="Partition">Everything but the texts of the last user message.</param>
/// <param name="Exact">Everything.</param>
/// <param name="Problem">Why the request cannot have keys; <see langword="null"/> when it has.</param>
internal readonly record struct RequestKeys(Hash256 Partition, Hash256 Exact, string? Problem)
{
    private const char Version = '1';

    public static RequestKeys Of(
        IReadOnlyList<ChatMessage> messages, int lastUser, ChatOptions options, LlmCall call, CachePolicy policy, string? embedder)
    {
        var key = KeyWriter.Rent();
        key.Tag(Version);
        WriteIdentity(key, call, policy);
        ModelKeys.Write(key, options, call);
        key.Text(call.Salt);
        key.Text(embedder);
        OptionKeys.Write(key, options);
        for (var i = 0; i < messages.Count; i++)
            MessageKeys.Write(key, messages[i], withTexts: i != lastUser);
        var partition = key.Finish();
        key.Key(partition);
        if (lastUser >= 0)
            MessageKeys.WriteTexts(key, messages[lastUser]);
        var keys = new RequestKeys(partition, key.Finish(), key.Problem);
        KeyWriter.Return(key);
        return keys;
    }

    private static void WriteIdentity(KeyWriter key, LlmCall call, CachePolicy policy)
    {
        key.Number((long)policy.SharedBy);
        key.Text(policy.SharedBy == CacheSharing.Everyone ? null : call.Tenant);
        key.Text(policy.SharedBy == CacheSharing.User ? call.User : null);
        key.Text(policy.PerFeature ? call.Feature : null);
    }
}
