using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace LlmKit.Testing;

/// <summary>A chat client that answers by a script, plain and streamed alike, and remembers what it was asked.</summary>
/// <remarks>
/// Thread-safe. Answers are taken in order; the last one repeats. A script may also be a delegate of the request. Everything is
/// asynchronous only where the script waits, so tests need no clock but a <see cref="ManualTimeProvider"/>.
/// </remarks>
public sealed class ScriptedChatClient : IChatClient
{
    private readonly Lock _lock = new();
    private readonly Func<int, ScriptedRequest, ScriptedAnswer> _script;
    private readonly TimeProvider _time;
    private readonly ChatClientMetadata _metadata;
    private readonly List<ScriptedRequest> _requests = [];
    private int _disposals;
    private int _open;

    /// <summary>Creates a client with answers in order.</summary>
    /// <param name="answers">At least one.</param>
    public ScriptedChatClient(params ScriptedAnswer[] answers) : this((number, _) => answers[Math.Min(number, answers.Length - 1)])
    {
    }

    /// <summary>Creates a client that asks a delegate for each answer.</summary>
    /// <param name="script">Gets the number of the request, from 0, and the request.</param>
    /// <param name="time">The clock for waits.</param>
    /// <param name="modelId">The model's id in the metadata.</param>
    /// <param name="provider">The provider's name in the metadata.</param>
    public ScriptedChatClient(
        Func<int, ScriptedRequest, ScriptedAnswer> script, TimeProvider? time = null, string modelId = "scripted-1", string provider = "scripted")
    {
        _script = script;
        _time = time ?? TimeProvider.System;
        _metadata = new(provider, new("https://scripted.example"), modelId);
    }

    /// <summary>Gets the requests so far.</summary>
    public IReadOnlyList<ScriptedRequest> Requests
    {
        get
        {
            lock (_lock)
                return [.. _requests];
        }
    }

    /// <summary>Gets how often the client was disposed of.</summary>
    public int Disposals => Volatile.Read(ref _disposals);

    /// <summary>Gets how many streams are being enumerated and not disposed of.</summary>
    public int OpenStreams => Volatile.Read(ref _open);

    /// <inheritdoc/>
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var answer = Take(messages, options, streaming: false);
        if (!answer.IsDeaf)
            cancellationToken.ThrowIfCancellationRequested();
        await WaitAsync(answer, answer.Delay, cancellationToken).ConfigureAwait(false);
        if (answer.HangAfterChunks is not null)
            await WaitAsync(answer, Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
        if (answer.Failure is not null)
            throw answer.Failure;
        List<AIContent> contents = [.. answer.Chunks.Count > 0 ? [new TextContent(string.Concat(answer.Chunks))] : Array.Empty<AIContent>(), .. answer.Contents];
        return new(new ChatMessage(ChatRole.Assistant, contents))
        {
            ModelId = _metadata.DefaultModelId,
            FinishReason = answer.FinishReason,
            Usage = answer.Usage,
            ConversationId = answer.ConversationId,
            ResponseId = "response-" + Requests.Count,
        };
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var answer = Take(messages, options, streaming: true);
        var id = "response-" + Requests.Count;
        Interlocked.Increment(ref _open);
        try
        {
            await WaitAsync(answer, answer.Delay, cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < answer.Chunks.Count; i++)
            {
                await BeforeChunkAsync(answer, i, cancellationToken).ConfigureAwait(false);
                yield return Update(id, new(ChatRole.Assistant, answer.Chunks[i]));
            }

            await BeforeChunkAsync(answer, answer.Chunks.Count, cancellationToken).ConfigureAwait(false);
            if (answer.Contents.Count > 0)
                yield return Update(id, new(ChatRole.Assistant, [.. answer.Contents]));
            if (answer.Usage is not null)
                yield return Update(id, new(ChatRole.Assistant, [new UsageContent(answer.Usage)]));
            if (answer.FinishReason is not null)
                yield return Update(id, new(ChatRole.Assistant, []) { FinishReason = answer.FinishReason, ConversationId = answer.ConversationId });
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? _metadata
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Increment(ref _disposals);

    private ScriptedAnswer Take(IEnumerable<ChatMessage> messages, ChatOptions? options, bool streaming)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var request = new ScriptedRequest([.. messages], options, streaming);
        lock (_lock)
        {
            _requests.Add(request);
            return _script(_requests.Count - 1, request);
        }
    }

    private async Task BeforeChunkAsync(ScriptedAnswer answer, int chunk, CancellationToken cancellationToken)
    {
        if (chunk > 0)
            await WaitAsync(answer, answer.DelayBetween, cancellationToken).ConfigureAwait(false);
        if (answer.HangAfterChunks is { } last && Math.Min(last, answer.Chunks.Count) == chunk)
            await WaitAsync(answer, Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
        if (answer.Failure is not null && Math.Min(answer.FailAfterChunks, answer.Chunks.Count) == chunk)
            throw answer.Failure;
        if (!answer.IsDeaf)
            cancellationToken.ThrowIfCancellationRequested();
    }

    private Task WaitAsync(ScriptedAnswer answer, TimeSpan time, CancellationToken cancellationToken) =>
        time == TimeSpan.Zero ? Task.CompletedTask : Task.Delay(time, _time, answer.IsDeaf ? CancellationToken.None : cancellationToken);

    private ChatResponseUpdate Update(string id, ChatResponseUpdate update)
    {
        update.ResponseId = id;
        update.MessageId = id;
        update.ModelId = _metadata.DefaultModelId;
        return update;
    }
}
