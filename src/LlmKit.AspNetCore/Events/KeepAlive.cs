using Microsoft.Extensions.AI;

namespace LlmKit.AspNetCore.Events;

/// <summary>Waits for a stream's next update and sends a comment at each silence.</summary>
internal sealed class KeepAlive(TimeSpan? interval, TimeProvider time)
{
    /// <summary>Goes on to the next update.</summary>
    /// <returns>Whether there is one.</returns>
    public ValueTask<bool> NextAsync(IAsyncEnumerator<ChatResponseUpdate> reader, EventWriter writer, CancellationTokenSource leaving)
    {
        var next = reader.MoveNextAsync();
        return next.IsCompleted || interval is not { } silence ? next : WaitAsync(next.AsTask(), silence, writer, leaving);
    }

    private async ValueTask<bool> WaitAsync(Task<bool> next, TimeSpan silence, EventWriter writer, CancellationTokenSource leaving)
    {
        var comment = new Comment(writer);
        // The timer only says that it is time: what is written is written here, between updates.
        while (!next.IsCompleted && !leaving.IsCancellationRequested)
        {
            using var heard = CancellationTokenSource.CreateLinkedTokenSource(leaving.Token);
            await Task.WhenAny(next, Task.Delay(silence, time, heard.Token)).ConfigureAwait(false);
            await heard.CancelAsync().ConfigureAwait(false);
            if (!next.IsCompleted && !leaving.IsCancellationRequested && !await comment.TrySendAsync(leaving.Token).ConfigureAwait(false))
                await leaving.CancelAsync().ConfigureAwait(false);
        }

        // A stream may not be disposed of while it is being read.
        var isThere = await next.ConfigureAwait(false);
        comment.ThrowIfFailed();
        return isThere;
    }

    private sealed class Comment(EventWriter writer)
    {
        private System.Runtime.ExceptionServices.ExceptionDispatchInfo? _failure;

        public async ValueTask<bool> TrySendAsync(CancellationToken cancellationToken)
        {
            try
            {
                await writer.CommentAsync(cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                _failure = System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(exception);
                return false;
            }
        }

        public void ThrowIfFailed() => _failure?.Throw();
    }
}
