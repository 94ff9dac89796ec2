using System.Globalization;
using System.Text.Json;
using LlmKit.Calls;
using LlmKit.Internal;
using LlmKit.Internal.Hedging;
using LlmKit.Internal.Keys;
using Microsoft.Extensions.AI;

namespace LlmKit.Execution.Idempotency;

/// <summary>A request that may repeat another: what makes it the same, and what is needed to carry it out.</summary>
internal sealed class SharedRequest
{
    /// <summary>The property that carries a key for frameworks that build their own options.</summary>
    public const string KeyProperty = IdentityResolver.Prefix + "idempotency_key";

    private const string StorePrefix = "llmkit-idempotency-";

    private SharedRequest(IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, IdempotencyPolicy policy)
    {
        Messages = messages;
        Options = options;
        Call = call;
        Policy = policy;
    }

    public IReadOnlyList<ChatMessage> Messages { get; }

    public ChatOptions Options { get; }

    public LlmCall Call { get; }

    public IdempotencyPolicy Policy { get; }

    /// <summary>Gets whether the caller gave a key; otherwise the request is only one with equal ones of the same moment.</summary>
    public required bool IsKeyed { get; init; }

    /// <summary>Gets the scope and key as a hash.</summary>
    public required Hash256 Key { get; init; }

    public required RequestFingerprint Fingerprint { get; init; }

    public string StoreKey => StorePrefix + Key.ToHex();

    /// <summary>Reads a request; <see langword="null"/> for one that has no key and is not to be joined to others.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="options">The options.</param>
    /// <param name="call">The call.</param>
    /// <param name="policy">The settings.</param>
    /// <param name="scope">The name of the stage whose keys these are.</param>
    /// <exception cref="ArgumentException">The key is blank.</exception>
    public static SharedRequest? Of(IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, IdempotencyPolicy policy, string scope)
    {
        // A hedge's second attempt is made because the first is slow: it must not wait for that one.
        if (HedgeMark.IsOn(options))
            return null;
        if (KeyOf(options, call) is not { } key)
            return policy.Coalesce ? Equal(messages, options, call, policy, scope) : null;
        if (call.Purpose is not null)
            return null;
        if (string.IsNullOrWhiteSpace(key))
            throw new ArgumentException("The idempotency key is blank or not a text. Set LlmCallOptions.IdempotencyKey to a text that is unique to the request, such as a GUID, or to null.", nameof(options));
        var fingerprint = RequestFingerprint.Of(messages, options, call, out _);
        // Each round of a tool loop comes under the key of the first: it is a request of its own, also by what rails removed from its results.
        var isRound = Turns.HasToolResults(messages, Turns.LastAnswer(messages) + 1);
        return new(messages, options, call, policy)
        {
            IsKeyed = true,
            Key = Scoped('k', scope, call, key, isRound ? fingerprint : null),
            Fingerprint = fingerprint,
        };
    }

    private static SharedRequest? Equal(IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, IdempotencyPolicy policy, string scope)
    {
        var terms = TermsOf(options, call);
        // A conversation that the provider keeps has one more turn after each request, however equal they are.
        if (call.Purpose is not null || (terms.Cache & LlmCacheDirectives.NoRead) != 0 || options.ConversationId is not null || options.ContinuationToken is not null)
            return null;
        var fingerprint = RequestFingerprint.Of(messages, options, call, out var problem);
        return problem is not null ? null : new(messages, options, call, policy)
        {
            IsKeyed = false,
            Key = Scoped('c', scope, call, string.Create(CultureInfo.InvariantCulture, $"{terms.MaxCost} {terms.CacheMaxAge} {call.Feature}"), fingerprint),
            Fingerprint = fingerprint,
        };
    }

    private static string? KeyOf(ChatOptions options, LlmCall call) => TermsOf(options, call).IdempotencyKey
        ?? (options.AdditionalProperties is { Count: > 0 } properties && properties.TryGetValue(KeyProperty, out var value) ? TextOf(value) : null);

    /// <summary>Gives the text of a key that a framework may have read from JSON; blank for what is no text.</summary>
    private static string? TextOf(object? key) => key switch
    {
        null => null,
        string text => text,
        Guid guid => guid.ToString(),
        JsonElement { ValueKind: JsonValueKind.String } json => json.GetString(),
        _ => "",
    };

    private static CallTerms TermsOf(ChatOptions options, LlmCall call) => (options as LlmCallOptions)?.Terms ?? call.Terms;

    private static Hash256 Scoped(char kind, string scope, LlmCall call, string? text, RequestFingerprint? request)
    {
        var key = KeyWriter.Rent();
        key.Tag(kind);
        key.Text(scope);
        key.Text(call.Tenant);
        key.Text(call.User);
        key.Text(text);
        if (request is { } fingerprint)
        {
            key.Key(fingerprint.Hash);
            key.Text(fingerprint.Salt);
        }

        var hash = key.Finish();
        KeyWriter.Return(key);
        return hash;
    }
}
