using System.Globalization;
using System.Text.Json;
using LlmKit.Calls;
using LlmKit.Internal;
using LlmKit.Internal.Flights;
using LlmKit.Internal.Hedging;
using LlmKit.Internal.Keys;
using Microsoft.Extensions.AI;

namespace LlmKit.Execution.Idempotency;

/// <summary>A request that may repeat another: what makes it the same, and where its outcome is remembered.</summary>
internal sealed class SharedRequest : FlightRequest
{
    /// <summary>The property that carries a key for frameworks that build their own options.</summary>
    public const string KeyProperty = IdentityResolver.Prefix + "idempotency_key";

    private const string StorePrefix = "llmkit-idempotency-";

    private readonly GuardedStore _store;
    private readonly TaskCompletionSource _lookedUp = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SharedRequest(IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, IdempotencyPolicy policy, GuardedStore store) : base(messages, options, call)
    {
        Policy = policy;
        _store = store;
    }

    public IdempotencyPolicy Policy { get; }

    /// <summary>Gets whether the caller gave a key; otherwise the request is only one with equal ones of the same moment.</summary>
    public required bool IsKeyed { get; init; }

    /// <summary>Gets the scope and key as a hash.</summary>
    public override Hash256 Key => ScopedKey;

    public required RequestFingerprint Fingerprint { get; init; }

    public required Hash256 ScopedKey { private get; init; }

    public override long MaxBytes => Policy.MaxBytes;

    public override bool IsRemembered => IsKeyed;

    public override IUpdateKeeper Updates => JsonUpdates.Instance;

    /// <summary>Gets a task that ends when it is known whether the request is the one that the key belongs to.</summary>
    public Task LookedUp => _lookedUp.Task;

    public string StoreKey => StorePrefix + Key.ToHex();

    /// <summary>Reads a request; <see langword="null"/> for one that has no key and is not to be joined to others.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="options">The options.</param>
    /// <param name="call">The call.</param>
    /// <param name="policy">The settings.</param>
    /// <param name="scope">The name of the stage whose keys these are.</param>
    /// <param name="store">Where outcomes are remembered.</param>
    /// <exception cref="ArgumentException">The key is blank.</exception>
    public static SharedRequest? Of(IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, IdempotencyPolicy policy, string scope, GuardedStore store)
    {
        // A hedge's second attempt is made because the first is slow: it must not wait for that one.
        if (HedgeMark.IsOn(options))
            return null;
        if (KeyOf(options, call) is not { } key)
            return policy.Coalesce ? Equal(messages, options, call, policy, scope, store) : null;
        if (call.Purpose is not null)
            return null;
        if (string.IsNullOrWhiteSpace(key))
            throw new ArgumentException("The idempotency key is blank or not a text. Set LlmCallOptions.IdempotencyKey to a text that is unique to the request, such as a GUID, or to null.", nameof(options));
        var fingerprint = RequestFingerprint.Of(messages, options, call, out _);
        // Each round of a tool loop comes under the key of the first: it is a request of its own, also by what rails removed from its results.
        var isRound = Turns.HasToolResults(messages, Turns.LastAnswer(messages) + 1);
        return new(messages, options, call, policy, store)
        {
            IsKeyed = true,
            ScopedKey = Scoped('k', scope, call, key, isRound ? fingerprint : null),
            Fingerprint = fingerprint,
        };
    }

    public override async ValueTask<FlightEnd?> FindAsync(CancellationToken cancellationToken)
    {
        if (!IsKeyed)
            return null;
        if (await _store.FindAsync(this, cancellationToken).ConfigureAwait(false) is { } record && Known(record) is { } known)
            return known;
        _lookedUp.TrySetResult();
        IdempotencyTelemetry.Decide(Call, IdempotencyStep.Began);
        return null;
    }

    public override async ValueTask RememberAsync(FlightEnd end, bool isLeft)
    {
        if (!IsKeyed || end.IsKnown)
            return;
        // Under the key of a flight that everybody has left, another may have begun meanwhile.
        if ((isLeft ? "everybody had left" : end.WhyNotKept) is { } reason)
            IdempotencyTelemetry.Decide(Call, IdempotencyStep.NotRemembered, reason);
        else
            await _store.SaveAsync(this, new(Fingerprint, end.Answer, end.Permanent)).ConfigureAwait(false);
    }

    public override void Ended() => _lookedUp.TrySetResult();

    public override void NoteJoined(LlmCall joined) => IdempotencyTelemetry.Decide(joined, IsKeyed ? IdempotencyStep.Joined : IdempotencyStep.Coalesced);

    /// <summary>Gives how the request ended before; <see langword="null"/> when nobody can tell whether it was this one.</summary>
    private FlightEnd? Known(IdempotencyRecord record)
    {
        switch (record.Request.IsOf(Fingerprint))
        {
            case null:
                IdempotencyTelemetry.Decide(Call, IdempotencyStep.NotEvaluated, "another process removed something from the request");
                return null;
            case false:
                IdempotencyTelemetry.Decide(Call, IdempotencyStep.Conflict);
                return FlightEnd.Refused(static () => new IdempotencyConflictException());
            default:
                IdempotencyTelemetry.Decide(Call, record.Failure is null ? IdempotencyStep.Replayed : IdempotencyStep.FailedBefore);
                return record is { Failure: { } failure } ? FlightEnd.Refused(() => new RepeatedFailureException(failure)) : FlightEnd.Known(record.Answer!);
        }
    }

    private static SharedRequest? Equal(IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, IdempotencyPolicy policy, string scope, GuardedStore store)
    {
        var terms = TermsOf(options, call);
        // A conversation that the provider keeps has one more turn after each request, however equal they are.
        if (call.Purpose is not null || (terms.Cache & LlmCacheDirectives.NoRead) != 0 || options.ConversationId is not null || options.ContinuationToken is not null)
            return null;
        var fingerprint = RequestFingerprint.Of(messages, options, call, out var problem);
        return problem is not null ? null : new(messages, options, call, policy, store)
        {
            IsKeyed = false,
            ScopedKey = Scoped('c', scope, call, string.Create(CultureInfo.InvariantCulture, $"{terms.MaxCost} {terms.CacheMaxAge} {call.Feature}"), fingerprint),
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
