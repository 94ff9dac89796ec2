using Microsoft.Extensions.AI;

namespace LlmKit.Internal;

/// <summary>A stream that was read up to its first content: so far another can take its place and nobody sees.</summary>
internal sealed class StreamOpening : IAsyncDisposable
{
    private readonly List<ChatResponseUpdate> _beginning = new(1);
    private readonly IAsyncEnumerator<ChatResponseUpdate> _stream;

    private StreamOpening(IAsyncEnumerator<ChatResponseUpdate> stream) => _stream = stream;

    /// <summary>Gets the updates up to the first content; without any, those that say something of the answer.</summary>
    public IReadOnlyList<ChatResponseUpdate> Beginning => _beginning;

    /// <summary>Gets the rest.</summary>
    public IAsyncEnumerator<ChatResponseUpdate> Rest => _stream;

    /// <summary>Asks a client and reads its stream up to the first content. A stream that fails before is left, and its failure thrown.</summary>
    public static async ValueTask<StreamOpening> ReadAsync(
        IChatClient client, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        var opening = new StreamOpening(client.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken));
        try
        {
            await opening.ReadAsync().ConfigureAwait(false);
            return opening;
        }
        catch
        {
            await opening.LeaveAsync().ConfigureAwait(false);
            throw;
        }
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    /// <summary>Leaves the stream for a reason that is already known: what its disposal throws would only hide it.</summary>
    public async ValueTask LeaveAsync()
    {
        try
        {
            await DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // See above.
        }
    }

    private async ValueTask ReadAsync()
    {
        while (await _stream.MoveNextAsync().ConfigureAwait(false))
        {
            if (FirstContent.EndsHolding(_beginning, _stream.Current))
                return;
        }
    }
}
