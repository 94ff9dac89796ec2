using LlmKit.Calls;
using LlmKit.Internal.Keys;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.Caching;

/// <summary>Hashes requests: the partition that one may see, and its exact key.</summary>
/// <remarks>
/// The partition holds everything that can change the answer but the texts of the last user message; the exact key holds those too. Ids and
/// times of messages, labels, deadlines, prices and whether a stream was asked for are in neither.
/// </remarks>
internal static class RequestKeys
{
    private const char Version = '3';

    /// <summary>Gives the key of a request with all that it says.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="options">The options.</param>
    /// <param name="call">The call.</param>
    /// <param name="policy">The settings.</param>
    /// <param name="route">Which models may answer.</param>
    /// <param name="problem">Why the request cannot have a key; <see langword="null"/> when it has.</param>
    public static Hash256 Exact(IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CachePolicy policy, in CacheRoute route, out string? problem) =>
        Of('x', messages, withoutTexts: -1, options, call, policy, route, out problem);

    /// <summary>Gives the key of everything but the texts of one message.</summary>
    public static Hash256 Partition(IReadOnlyList<ChatMessage> messages, int lastUser, ChatOptions options, LlmCall call, CachePolicy policy, in CacheRoute route) =>
        Of('p', messages, lastUser, options, call, policy, route, out _);

    /// <summary>Gives the key that the careless spellings of a question share in a partition; <see langword="null"/> when it has none.</summary>
    public static Hash256? Normalised(in Hash256 partition, string question) => NormalText.Of(question) is { } text ? Within('n', partition, text, 0) : null;

    /// <summary>Gives the key under which equal requests wait for one answer: those that came after the same invalidations.</summary>
    public static Hash256 Flight(in Hash256 exact, long generation)
    {
        var key = KeyWriter.Rent();
        key.Tag('f');
        key.Key(exact);
        key.Number(generation);
        var hash = key.Finish();
        KeyWriter.Return(key);
        return hash;
    }

    /// <summary>Gives the key of the vectors that may be compared: those of one partition, one embedder and one length.</summary>
    public static Hash256 Space(in Hash256 partition, string embedder, int dimensions) => Within('v', partition, embedder, dimensions);

    private static Hash256 Of(
        char kind, IReadOnlyList<ChatMessage> messages, int withoutTexts, ChatOptions options, LlmCall call, CachePolicy policy, in CacheRoute route, out string? problem)
    {
        var key = KeyWriter.Rent();
        key.Tag(Version);
        key.Tag(kind);
        WriteIdentity(key, call, policy);
        route.Write(key, call);
        ModelKeys.Write(key, options, call);
        key.Text(call.Salt);
        OptionKeys.Write(key, options);
        for (var i = 0; i < messages.Count; i++)
            MessageKeys.Write(key, messages[i], withTexts: i != withoutTexts);
        problem = key.Problem;
        var hash = key.Finish();
        KeyWriter.Return(key);
        return hash;
    }

    private static Hash256 Within(char kind, in Hash256 partition, string text, int number)
    {
        var key = KeyWriter.Rent();
        key.Tag(kind);
        key.Key(partition);
        key.Number((long)number);
        key.Text(text);
        var hash = key.Finish();
        KeyWriter.Return(key);
        return hash;
    }

    private static void WriteIdentity(KeyWriter key, LlmCall call, CachePolicy policy)
    {
        key.Number((long)policy.SharedBy);
        key.Text(policy.SharedBy == CacheSharing.Everyone ? null : call.Tenant);
        key.Text(policy.SharedBy == CacheSharing.User ? call.User : null);
        key.Text(policy.PerFeature ? call.Feature : null);
    }
}
