using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Replay;

/// <summary>Answers from a <see cref="Cassette"/>, or records into it what the inner client answers.</summary>
/// <remarks>
/// Thread-safe. Put it around the provider's client, inside everything else (<c>AddModel("model", new CassetteChatClient(cassette, client))</c>),
/// and the whole pipeline runs in a test as it does in production: what is replayed is metered, charged and counted like an answer of
/// the model, so that budgets can be tested. Replayed answers have <c>llmkit.replay</c> in their additional
/// properties (a stream in its first update), and a tracer tags its span with it and reports no usage and no cost. Streamed recordings can be asked for plain, and plain ones streamed.
/// Raw representations are not recorded. A call that its caller cancels, and one that LlmKit refuses, is not recorded; a stream that
/// its reader leaves is recorded as far as it was read. Disposing of the client disposes of the inner one and not of the cassette.
/// </remarks>
public sealed class CassetteChatClient : DelegatingChatClient
{
    private readonly Cassette _cassette;
    private readonly Replays _replays;
    private readonly string? _model;
    private readonly bool _ownsCassette;

    /// <summary>Creates a client.</summary>
    /// <param name="cassette">The cassette; disposed of by whoever opened it.</param>
    /// <param name="innerClient">The client to record; may be <see langword="null"/> when the cassette replays.</param>
    /// <param name="model">The model for keys of requests that name none, and for the metadata when there is no inner client.</param>
    /// <exception cref="CassetteException">The cassette needs a client and none is given.</exception>
    public CassetteChatClient(Cassette cassette, IChatClient? innerClient = null, string? model = null)
        : this(cassette, innerClient, model, ownsCassette: false)
    {
    }

    internal CassetteChatClient(Cassette cassette, IChatClient? innerClient, string? model, bool ownsCassette, bool withUsage = true)
        : base(innerClient ?? new AbsentChatClient(model))
    {
        ArgumentNullException.ThrowIfNull(cassette);
        if (innerClient is null && cassette.Mode != CassetteMode.Replay)
            throw new CassetteException($"The cassette's mode is '{cassette.Mode}', which asks a model, and no client is given. Give the client to record.");
        _cassette = cassette;
        _replays = new(cassette.Options, withUsage);
        _model = model;
        _ownsCassette = ownsCassette;
    }

    /// <inheritdoc/>
    /// <exception cref="CassetteMissException">The cassette replays and has no recording of the request.</exception>
    public override Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return _cassette.Mode switch
        {
            CassetteMode.Replay => ReplayAsync([.. messages], options, cancellationToken),
            CassetteMode.Passthrough => InnerClient.GetResponseAsync(messages, options, cancellationToken),
            _ => AskAsync([.. messages], options, cancellationToken),
        };
    }

    /// <inheritdoc/>
    /// <exception cref="CassetteMissException">The cassette replays and has no recording of the request; thrown when the stream is read.</exception>
    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return _cassette.Mode switch
        {
            CassetteMode.Replay => ReplayStreamAsync([.. messages], options, cancellationToken),
            CassetteMode.Passthrough => InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken),
            _ => AskStreamAsync([.. messages], options, cancellationToken),
        };
    }

    /// <inheritdoc/>
    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType == typeof(Cassette) ? _cassette : base.GetService(serviceType, serviceKey);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && _ownsCassette)
            _cassette.Dispose();
    }

    // Asynchronous, so that a miss is in the task like any failure of a model.
    private async Task<ChatResponse> ReplayAsync(List<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var answer = _cassette.Play(_cassette.RequestOf(messages, options, _model));
        return await Task.FromResult(_replays.Response(answer)).ConfigureAwait(false);
    }

    private async IAsyncEnumerable<ChatResponseUpdate> ReplayStreamAsync(
        List<ChatMessage> messages, ChatOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var answer = _cassette.Play(_cassette.RequestOf(messages, options, _model));
        await foreach (var update in _replays.UpdatesAsync(answer, cancellationToken).ConfigureAwait(false))
            yield return update;
    }

    private async Task<ChatResponse> AskAsync(List<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        var listener = _cassette.Listen(() => _cassette.RequestOf(messages, options, _model));
        ChatResponse response;
        try
        {
            response = await InnerClient.GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            listener?.Ended(exception, stream: null, cancellationToken);
            throw;
        }

        if (listener is not null)
            await listener.HeardAsync(response, cancellationToken).ConfigureAwait(false);
        return response;
    }

    private async IAsyncEnumerable<ChatResponseUpdate> AskStreamAsync(
        List<ChatMessage> messages, ChatOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var heard = new HeardStream(_cassette.Options.RecordTimings ? _cassette.Options.TimeProvider : null);
        var listener = _cassette.Listen(() => _cassette.RequestOf(messages, options, _model));
        var source = Open(listener, messages, options, cancellationToken);
        var isOver = false;
        try
        {
            while (true)
            {
                try
                {
                    if (!await source.MoveNextAsync().ConfigureAwait(false))
                        break;
                    heard.Add(source.Current);
                }
                catch (Exception exception)
                {
                    isOver = true;
                    listener?.Ended(exception, heard, cancellationToken);
                    throw;
                }

                yield return source.Current;
            }

            isOver = true;
            if (listener is not null)
                await listener.HeardAsync(heard, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (!isOver)
                listener?.Left(heard);
            await source.DisposeAsync().ConfigureAwait(false);
        }
    }

    private IAsyncEnumerator<ChatResponseUpdate> Open(IAnswerListener? listener, List<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        try
        {
            return InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        }
        catch (Exception exception)
        {
            listener?.Ended(exception, stream: null, cancellationToken);
            throw;
        }
    }
}
