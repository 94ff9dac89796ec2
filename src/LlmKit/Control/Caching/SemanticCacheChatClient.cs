using System.Runtime.CompilerServices;
using LlmKit.Calls;
using LlmKit.Internal.Flights;
using LlmKit.Internal.Keys;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmKit.Control.Caching;

/// <summary>Answers repeated requests from memory, and similar ones when an embedding model and a threshold are given.</summary>
/// <remarks>
/// <para>Thread-safe. A request hits when everything that can change the answer is equal: messages, options, tools, model constraint, tenant,
/// user, and what rails removed. With an embedder, the wording of the last user text may differ, down to
/// <see cref="SemanticCacheOptions.MinSimilarity"/> and unless a guard forbids it.</para>
/// <para>A fresh answer is stored when its call has closed cleanly: not when it was cut off, blocked, rewritten, repaired, cancelled or
/// abandoned. Streams are passed on as they come and replayed in the pieces in which they came. A hit costs nothing and carries no usage;
/// a miss costs one embedding when there is an embedder. A cache that fails never fails a call.</para>
/// <para>Requests are kept as hashes; with an embedder also the vector of the last user text and hashes of its words. Answers are kept in clear,
/// in memory, and in a distributed cache where <see cref="SemanticCacheOptions.UseDistributedCache"/> says so. <c>GetService(typeof(LlmCache))</c>
/// gives what looks after them. Belongs inside guardrails and budget, outside the router.</para>
/// </remarks>
public sealed class SemanticCacheChatClient : StageChatClient
{
    private readonly StageSettings<CachePolicy> _settings;
    private readonly CacheParts _parts;
    private readonly Hash256 _alone;

    /// <summary>Creates a cache that stands alone, outside a pipeline.</summary>
    /// <param name="innerClient">The client that answers what the cache does not. It is disposed of with the cache.</param>
    /// <param name="options">The settings; defaults when <see langword="null"/>. They are copied.</param>
    /// <param name="logger">The logger; none when <see langword="null"/>.</param>
    /// <param name="time">The clock; the system's when <see langword="null"/>.</param>
    /// <param name="random">The source of the spread of times to live; a new one when <see langword="null"/>.</param>
    /// <exception cref="LlmConfigurationException">The options are wrong; it lists all that is.</exception>
    public SemanticCacheChatClient(
        IChatClient innerClient,
        SemanticCacheOptions? options = null,
        ILogger<SemanticCacheChatClient>? logger = null,
        TimeProvider? time = null,
        Random? random = null)
        : this(innerClient, new(Checked(options ?? new())), new CacheSurroundings { Logger = logger ?? (ILogger)NullLogger.Instance, Time = time ?? TimeProvider.System, Random = random ?? new() })
    {
    }

    internal SemanticCacheChatClient(IChatClient innerClient, StageSettings<CachePolicy> settings, CacheSurroundings surroundings)
        : base(innerClient, CallSetup.Alone(surroundings.Pipeline, surroundings.Time, surroundings.Logger))
    {
        _settings = settings;
        _parts = new(innerClient, settings, surroundings);
        var metadata = innerClient.GetService<ChatClientMetadata>();
        _alone = KeyWriter.KeyOf([metadata?.ProviderName, metadata?.DefaultModelId]);
    }

    /// <summary>Gets the store, for tests of its bounds.</summary>
    internal MemoryCacheStore Store => _parts.Memory;

    /// <inheritdoc/>
    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType == typeof(LlmCache) ? _parts.Cache : base.GetService(serviceType, serviceKey);
    }

    internal override ValueTask<ChatResponse> RespondAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    {
        var request = Open(messages, options, call);
        return request is null
            ? InnerClient.AskAsync(messages, options, call, cancellationToken)
            : AnswerAsync(request, cancellationToken);
    }

    internal override IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    {
        var request = Open(messages, options, call);
        return request is null
            ? InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken)
            : StreamAnswerAsync(request, cancellationToken);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _parts.Dispose();
        base.Dispose(disposing);
    }

    private static CachePolicy Checked(SemanticCacheOptions options)
    {
        var failures = new List<string>();
        var policy = CachePolicy.Compile(options, failures);
        return failures.Count > 0 ? throw new LlmConfigurationException(failures) : policy;
    }

    private CacheRequest? Open(IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call)
    {
        var snapshot = _settings.SnapshotFor(call);
        return _parts.Lookup.Open(messages, options, call, _settings.For(call), snapshot is null ? new(_alone, []) : new(snapshot.Models, snapshot.Routes));
    }

    private async ValueTask<ChatResponse> AnswerAsync(CacheRequest request, CancellationToken cancellationToken)
    {
        if (await _parts.Lookup.FindAsync(request, cancellationToken).ConfigureAwait(false) is { } hit)
        {
            _parts.Shadow.Offer(request, hit);
            return hit.Answer.ToResponse(request.Call);
        }

        var (response, asker) = await AskAsync(request, cancellationToken).ConfigureAwait(false);
        if (!request.MayWrite)
            return response;
        var recorder = new AnswerRecorder(request.Policy);
        recorder.Record(response);
        Stage(request, recorder, asker);
        return response;
    }

    /// <summary>Asks further in, once for equal requests of the same moment.</summary>
    /// <returns>The answer, and the equal call that had asked for it; <see langword="null"/> for the call itself.</returns>
    private async ValueTask<(ChatResponse Response, LlmCall? Asker)> AskAsync(CacheRequest request, CancellationToken cancellationToken)
    {
        if (!CacheFlight.IsWanted(request))
            return (await InnerClient.AskAsync(request.Messages, request.Options, request.Call, cancellationToken).ConfigureAwait(false), null);
        while (true)
        {
            // Nobody's token reaches what a flight sends, so a call that is cancelled already must not begin one.
            cancellationToken.ThrowIfCancellationRequested();
            var passenger = _parts.Flights.Enter(new CacheFlight(request, _parts.Records), streaming: false);
            if (await passenger.AnswerAsync(cancellationToken).ConfigureAwait(false) is { } response)
                return (response, passenger.Asker);
        }
    }

    private async IAsyncEnumerable<ChatResponseUpdate> StreamAnswerAsync(CacheRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await _parts.Lookup.FindAsync(request, cancellationToken).ConfigureAwait(false) is { } hit)
        {
            _parts.Shadow.Offer(request, hit);
            foreach (var update in hit.Answer.ToUpdates(request.Call))
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return update;
            }

            yield break;
        }

        var recorder = request.MayWrite ? new AnswerRecorder(request.Policy) : null;
        if (!CacheFlight.IsWanted(request))
        {
            await foreach (var update in InnerClient.GetStreamingResponseAsync(request.Messages, request.Options, cancellationToken).ConfigureAwait(false))
            {
                recorder?.Record(update);
                yield return update;
            }

            if (recorder is not null)
                Stage(request, recorder, asker: null);
            yield break;
        }

        Passenger passenger;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            passenger = _parts.Flights.Enter(new CacheFlight(request, _parts.Records), streaming: true);
            await foreach (var update in passenger.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                recorder!.Record(update);
                yield return update;
            }
        }
        while (passenger.MustAskItself);
        Stage(request, recorder!, passenger.Asker);
    }

    /// <summary>Leaves a whole answer with the call, which stores it if it ends well.</summary>
    private void Stage(CacheRequest request, AnswerRecorder recorder, LlmCall? asker)
    {
        if (recorder.Finish(request.Call.Model) is { } answer)
            request.Call.Stage(new StagedAnswer(request, answer, _parts.Writer, asker));
        else
            CacheRecords.NotStored(request.Call, recorder.Problem);
    }
}
