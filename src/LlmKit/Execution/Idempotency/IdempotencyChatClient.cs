using System.Runtime.CompilerServices;
using LlmKit.Calls;
using LlmKit.Internal.Flights;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmKit.Execution.Idempotency;

/// <summary>Gives calls with the same idempotency key the same answer, and on demand makes equal calls of the same moment one.</summary>
/// <remarks>
/// <para>Thread-safe. A key (<see cref="LlmCallOptions.IdempotencyKey"/>, or the property <c>llmkit.idempotency_key</c>) belongs to one tenant,
/// one user and one pipeline; calls that do not say whose they are share theirs. The same request under it gets the answer of the first,
/// byte for byte but for what was paid or held once: the usage and the provider's raw objects. It comes from the store when it is complete,
/// and from waiting with the others while it is on its way. A stream is replayed in the updates in which it came, also while it is still
/// coming. Another request under the same key is an <see cref="IdempotencyConflictException"/>; each round of a tool loop is a request of
/// its own. Raw options, and what a foreign class of options adds, cannot be compared: they are taken to be the same.</para>
/// <para>The first call pays. When its caller leaves, the work goes on for the others, until the last has left or run out of time.
/// Failures are told to all that wait and then forgotten, except those that a repetition would meet again: a request that is invalid, too
/// long or refused by the provider's filter. What was refused to the first call, such as by its budget, the others ask for themselves, but
/// not those that have read something of it.</para>
/// <para>A stream is read as fast as it comes, up to 1,024 updates ahead of its fastest reader. One that ends without a finish reason is not
/// remembered, unless its model is not expected to give one (<see cref="ModelOptions.RequireFinishReason"/>).</para>
/// <para>Answers are kept in clear, as the model gave them, before rails further out have seen them. What rails removed from a request is
/// compared within one process only. A call without a key passes untouched, and so do child calls and the second attempts of hedges further
/// out. Belongs inside guardrails and budget and outside the cache.</para>
/// </remarks>
public sealed class IdempotencyChatClient : StageChatClient
{
    private readonly StageSettings<IdempotencyPolicy> _settings;
    private readonly KeyedFlights _flights;
    private readonly GuardedStore _store;
    private readonly string _scope;

    /// <summary>Creates a stage that stands alone, outside a pipeline.</summary>
    /// <param name="innerClient">The client that answers what is not a repetition. It is disposed of with the stage.</param>
    /// <param name="options">The settings; defaults when <see langword="null"/>. They are copied.</param>
    /// <param name="store">Where outcomes are kept; memory when <see langword="null"/>.</param>
    /// <param name="logger">The logger; none when <see langword="null"/>.</param>
    /// <param name="time">The clock; the system's when <see langword="null"/>.</param>
    /// <param name="scope">What tells the stage's keys from those of another one in the same store; in a pipeline it is the pipeline's name.</param>
    /// <exception cref="LlmConfigurationException">The options are wrong; it lists all that is.</exception>
    public IdempotencyChatClient(
        IChatClient innerClient,
        IdempotencyOptions? options = null,
        IIdempotencyStore? store = null,
        ILogger<IdempotencyChatClient>? logger = null,
        TimeProvider? time = null,
        string scope = "Idempotency")
        : this(innerClient, new StageSettings<IdempotencyPolicy>(Checked(options ?? new())), store, logger, time ?? TimeProvider.System, scope)
    {
    }

    internal IdempotencyChatClient(
        IChatClient innerClient, StageSettings<IdempotencyPolicy> settings, IIdempotencyStore? store, ILogger? logger, TimeProvider time, string scope)
        : base(innerClient, CallSetup.Alone("Idempotency", time, logger))
    {
        _scope = scope;
        _settings = settings;
        store ??= new MemoryIdempotencyStore(() => settings.Current, time);
        _store = new(store, time, logger ?? NullLogger.Instance);
        _flights = new(innerClient);
    }

    /// <summary>Gets the requests on their way, for tests that none is left.</summary>
    internal KeyedFlights Flights => _flights;

    internal override ValueTask<ChatResponse> RespondAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken) =>
        SharedRequest.Of(messages, options, call, _settings.For(call), _scope, _store) is { } request
            ? AnswerAsync(request, cancellationToken)
            : InnerClient.AskAsync(messages, options, call, cancellationToken);

    internal override IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken) =>
        SharedRequest.Of(messages, options, call, _settings.For(call), _scope, _store) is { } request
            ? ReadAsync(request, cancellationToken)
            : InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken);

    private static IdempotencyPolicy Checked(IdempotencyOptions options)
    {
        var failures = new List<string>();
        var policy = IdempotencyPolicy.Compile(options, failures);
        return failures.Count > 0 ? throw new LlmConfigurationException(failures) : policy;
    }

    private async ValueTask<ChatResponse> AnswerAsync(SharedRequest request, CancellationToken cancellationToken)
    {
        while (true)
        {
            var passenger = await _flights.EnterAsync(request, streaming: false, cancellationToken).ConfigureAwait(false);
            if (await passenger.AnswerAsync(cancellationToken).ConfigureAwait(false) is { } response)
                return response;
        }
    }

    private async IAsyncEnumerable<ChatResponseUpdate> ReadAsync(SharedRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Passenger passenger;
        do
        {
            passenger = await _flights.EnterAsync(request, streaming: true, cancellationToken).ConfigureAwait(false);
            await foreach (var update in passenger.ReadAsync(cancellationToken).ConfigureAwait(false))
                yield return update;
        }
        while (passenger.MustAskItself);
    }
}
