using LlmKit.Calls;
using LlmKit.Internal;
using Microsoft.Extensions.AI;

namespace LlmKit.Execution.Resilience;

/// <summary>The attempts at the first content of a stream. What comes before it is held back, so that a retry repeats nothing.</summary>
internal sealed class OpeningRun(
    ResilientModel model, ResiliencePolicy policy, IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    : ResilienceLoop<OpenedStream>(model, policy, options, call, cancellationToken)
{
    protected override (TimeLimit Limit, TimeSpan? Length) AttemptLimit => (TimeLimit.FirstContent, Policy.FirstContentTimeout);

    /// <summary>Gets the timestamp of this moment.</summary>
    public long Now => Model.Time.GetTimestamp();

    /// <summary>Notes a failure that came after the first content.</summary>
    public void NoteBreak(Exception exception)
    {
        if (PassingFailure(exception) is { } failure)
            NoteEnd(exception, failure, "content has been shown");
    }

    protected override async ValueTask<OpenedStream> SendAsync(AttemptGuard guard)
    {
        var reader = Open(guard);
        try
        {
            var held = new List<ChatResponseUpdate>(1);
            while (await reader.MoveNextAsync().ConfigureAwait(false))
            {
                if (FirstContent.EndsHolding(held, reader.Current))
                    return new(guard, reader, held);
            }

            await reader.DisposeAsync().ConfigureAwait(false);
            return new(guard, Reader: null, held);
        }
        catch
        {
            await LeaveAsync(reader).ConfigureAwait(false);
            throw;
        }
    }

    protected override void OnGood(AttemptGuard guard) => guard.Stop();

    private IAsyncEnumerator<ChatResponseUpdate> Open(AttemptGuard guard)
    {
        if (Model.Edge is { } edge && !Call.IsOver)
            return edge.Stream(messages, Options, Call, guard, guard.Token).GetAsyncEnumerator(guard.Token);
        return new StreamReader<ChatResponseUpdate>(Model.Client.GetStreamingResponseAsync(messages, WithClock(guard), guard.Token), Call.Time, guard.Token);
    }

    /// <summary>Leaves a stream for a reason that is already known: what its disposal throws would only hide it.</summary>
    public static async ValueTask LeaveAsync(IAsyncEnumerator<ChatResponseUpdate> reader)
    {
        try
        {
            await reader.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // See above.
        }
    }
}
