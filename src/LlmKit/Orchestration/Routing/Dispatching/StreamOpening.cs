using Microsoft.Extensions.AI;

namespace LlmKit.Orchestration.Routing.Dispatching;

/// <summary>A candidate's stream, read up to its first content: so far another candidate can take its place and nobody sees.</summary>
internal sealed class StreamOpening : IAsyncDisposable
{
    private readonly List<ChatResponseUpdate> _beginning = new(1);
    private IAsyncEnumerator<ChatResponseUpdate>? _stream;

    private StreamOpening()
    {
    }

    /// <summary>Gets the updates up to the first content; all of them when there was none.</summary>
    public IReadOnlyList<ChatResponseUpdate> Beginning => _beginning;

    /// <summary>Gets the rest, once the opening was read.</summary>
    public IAsyncEnumerator<ChatResponseUpdate> Rest => _stream!;

    /// <summary>Asks a candidate and reads its stream up to the first content.</summary>
    /// <returns>The opening, or <see langword="null"/> when the candidate failed and another may try.</returns>
    public static async ValueTask<StreamOpening?> ReadAsync(
        Dispatch dispatch, RouteCandidate candidate, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        var opening = new StreamOpening();
        try
        {
            await opening.ReadAsync(candidate.Client, messages, options, cancellationToken).ConfigureAwait(false);
            return opening;
        }
        catch (Exception exception)
        {
            await opening.LeaveAsync().ConfigureAwait(false);
            if (cancellationToken.IsCancellationRequested)
                throw;
            dispatch.Failed(candidate, exception);
            return null;
        }
    }

    public ValueTask DisposeAsync() => _stream?.DisposeAsync() ?? default;

    private static bool HasContent(ChatResponseUpdate update)
    {
        var contents = update.Contents;
        for (var i = 0; i < contents.Count; i++)
        {
            if (contents[i] is not (UsageContent or TextContent { Text.Length: 0 } or TextReasoningContent { Text.Length: 0, ProtectedData: null }))
                return true;
        }

        return false;
    }

    private async ValueTask ReadAsync(IChatClient client, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        _stream = client.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await _stream.MoveNextAsync().ConfigureAwait(false))
        {
            _beginning.Add(_stream.Current);
            if (HasContent(_stream.Current))
                return;
        }
    }

    private async ValueTask LeaveAsync()
    {
        try
        {
            await DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The stream has failed already, and that is the failure to report.
        }
    }
}
