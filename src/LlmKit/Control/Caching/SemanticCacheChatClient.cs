using System.Runtime.CompilerServices;
using LlmKit.Calls;
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
/// <para>Requests are kept as hashes; with an embedder also the vector and the words of the last user text. Answers are kept in clear. All
/// of it is in memory only. Belongs inside guardrails and budget, outside the router.</para>
/// </remarks>
public sealed class SemanticCacheChatClient : StageChatClient
{
    private readonly StageSettings<CachePolicy> _settings;
    private readonly CacheLookup _lookup;
    private readonly CacheLifetimes _lifetimes;
    private readonly MemoryCacheStore _store;
    private readonly ILogger _logger;

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
        : this(innerClient, new(Checked(options ?? new())), embedders: null, logger, time, random, "SemanticCache")
    {
    }

    internal SemanticCacheChatClient(
        IChatClient innerClient,
        StageSettings<CachePolicy> settings,
        Func<string?, IEmbeddingGenerator<string, Embedding<float>>?>? embedders,
        ILogger? logger,
        TimeProvider? time,
        Random? random,
        string pipeline)
        : base(innerClient, CallSetup.Alone(pipeline, time, logger))
    {
        _settings = settings;
        _logger = logger ?? NullLogger.Instance;
        time ??= TimeProvider.System;
        _store = new(time);
        _lifetimes = new(time, random ?? new());
        _lookup = new(_store, new SemanticTierSource(settings.Current, embedders, pipeline, time, _logger), time, _logger);
    }

    /// <summary>Gets the store, for tests of its bounds.</summary>
    internal MemoryCacheStore Store => _store;

    internal override ValueTask<ChatResponse> RespondAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    {
        var request = _lookup.Open(messages, options, call, _settings.For(call));
        return request is null
            ? InnerClient.AskAsync(messages, options, call, cancellationToken)
            : AnswerAsync(request, messages, options, cancellationToken);
    }

    internal override IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    {
        var request = _lookup.Open(messages, options, call, _settings.For(call));
        return request is null
            ? InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken)
            : StreamAnswerAsync(request, messages, options, cancellationToken);
    }

    private static CachePolicy Checked(SemanticCacheOptions options)
    {
        var failures = new List<string>();
        var policy = CachePolicy.Compile(options, failures);
        return failures.Count > 0 ? throw new LlmConfigurationException(failures) : policy;
    }

    private async ValueTask<ChatResponse> AnswerAsync(
        CacheRequest request, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        if (await _lookup.FindAsync(request, cancellationToken).ConfigureAwait(false) is { } hit)
            return hit.ToResponse(request.Call);
        var response = await InnerClient.AskAsync(messages, options, request.Call, cancellationToken).ConfigureAwait(false);
        if (!request.MayWrite)
            return response;
        var recorder = new AnswerRecorder(request.Policy);
        recorder.Record(response);
        Stage(request, recorder);
        return response;
    }

    private async IAsyncEnumerable<ChatResponseUpdate> StreamAnswerAsync(
        CacheRequest request, IReadOnlyList<ChatMessage> messages, ChatOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await _lookup.FindAsync(request, cancellationToken).ConfigureAwait(false) is { } hit)
        {
            foreach (var update in hit.ToUpdates(request.Call))
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return update;
            }

            yield break;
        }

        var recorder = request.MayWrite ? new AnswerRecorder(request.Policy) : null;
        await foreach (var update in InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken).ConfigureAwait(false))
        {
            recorder?.Record(update);
            yield return update;
        }

        if (recorder is not null)
            Stage(request, recorder);
    }

    /// <summary>Leaves a whole answer with the call, which stores it if it ends well.</summary>
    private void Stage(CacheRequest request, AnswerRecorder recorder)
    {
        if (recorder.Finish(request.Call.Model) is { } answer)
            request.Call.Stage(new StagedAnswer(request, answer, _lifetimes, _store));
        else
            request.Call.AddStep(new CacheStep(CacheStep.NotStored, recorder.Problem));
    }
}
