using System.Security.Cryptography;
using System.Text.Json;
using LlmKit.Calls;
using LlmKit.Internal.Keys;
using Microsoft.Extensions.AI;

namespace LlmKit.Execution.Idempotency;

/// <summary>Tells one request from another: a hash of all that can change its answer, and what rails removed from it.</summary>
/// <remarks>What rails removed is hashed under a key of this process, so that it can be compared within it and says nothing outside.</remarks>
/// <param name="Hash">The hash of messages, options and models.</param>
/// <param name="Salt">The keyed hash of what was removed; <see langword="null"/> for nothing.</param>
/// <param name="IsForeign">Whether another process took it down, so that its salt means nothing here.</param>
internal readonly record struct RequestFingerprint(Hash256 Hash, string? Salt, bool IsForeign = false)
{
    private const char Version = '2';
    private static readonly string Process = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    /// <summary>Takes a request's fingerprint.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="options">The options.</param>
    /// <param name="call">The call.</param>
    /// <param name="problem">What could not be hashed, so that requests may look alike which are not; <see langword="null"/> for nothing.</param>
    public static RequestFingerprint Of(IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, out string? problem)
    {
        var key = KeyWriter.Rent();
        key.Tag(Version);
        ModelKeys.Write(key, options, call);
        OptionKeys.Write(key, options);
        key.Text(options.ConversationId);
        if (options.ContinuationToken is { } token)
            key.Data(token.ToBytes().Span);
        if (options.RawRepresentationFactory is not null)
            key.Fail("raw options cannot be hashed");
        for (var i = 0; i < messages.Count; i++)
            MessageKeys.Write(key, messages[i], withTexts: true);
        var hash = key.Finish();
        problem = key.Problem;
        KeyWriter.Return(key);
        return new(hash, call.Salt);
    }

    public static RequestFingerprint Read(JsonElement json) => new(
        Hash256.Parse(json.GetProperty("request"u8).GetString()!),
        json.GetProperty("removed"u8).GetString(),
        json.GetProperty("process"u8).GetString() != Process);

    public void Write(Utf8JsonWriter json)
    {
        json.WriteString("request"u8, Hash.ToHex());
        json.WriteString("removed"u8, Salt);
        json.WriteString("process"u8, Process);
    }

    /// <summary>Whether a request of this process is the one that was taken down; <see langword="null"/> when another process removed something from that one, so that nobody can tell.</summary>
    public bool? IsOf(in RequestFingerprint request)
    {
        if (Hash != request.Hash)
            return false;
        return IsForeign && Salt is not null && request.Salt is not null ? null : Salt == request.Salt;
    }
}
