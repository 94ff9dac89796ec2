using System.Runtime.CompilerServices;
using LlmKit.Calls;
using LlmKit.Internal;
using Microsoft.Extensions.AI;

namespace LlmKit.Pipeline;

/// <summary>Holds what a pipeline does in another one's call to its own latency, where that is the tighter of the two.</summary>
/// <remarks>To whoever asked, it is a model that took too long: another may answer in the time that the call has left.</remarks>
internal sealed class InnerDeadline : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly LlmCall _call;
    private readonly TimeSpan _length;
    private readonly CancellationToken _callerToken;
    private readonly CancellationTokenRegistration _registration;
    private readonly ITimer _timer;
    private volatile bool _expired;

    private InnerDeadline(LlmCall call, TimeSpan length, CancellationToken cancellationToken)
    {
        _call = call;
        _length = length;
        _callerToken = cancellationToken;
        _registration = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
        _timer = call.Time.CreateTimer(static deadline => ((InnerDeadline)deadline!).Expire(), this, length, Timeout.InfiniteTimeSpan);
    }

    public static async ValueTask<ChatResponse> RespondAsync(
        IChatClient inner, IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, TimeSpan length, CancellationToken cancellationToken)
    {
        using var deadline = new InnerDeadline(call, length, cancellationToken);
        try
        {
            return await inner.AskAsync(messages, options, call, deadline._source.Token).OrLeft(call.Time, deadline._source.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (deadline.HasPassed)
        {
            throw deadline.Outcome(exception);
        }
    }

    public static async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IChatClient inner, IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, TimeSpan length, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var deadline = new InnerDeadline(call, length, cancellationToken);
        var token = deadline._source.Token;
        var reader = new StreamReader<ChatResponseUpdate>(inner.GetStreamingResponseAsync(messages, options, token), call.Time, token);
        await using var _ = reader.ConfigureAwait(false);
        while (await deadline.MoveAsync(reader).ConfigureAwait(false))
            yield return reader.Current;
    }

    public void Dispose()
    {
        _timer.Dispose();
        _registration.Dispose();
    }

    private bool HasPassed => _expired && !_callerToken.IsCancellationRequested;

    private LlmTimeoutException Outcome(Exception cause) => new(TimeLimit.Deadline, _length, model: null, cause);

    private async ValueTask<bool> MoveAsync(StreamReader<ChatResponseUpdate> reader)
    {
        try
        {
            return await reader.MoveNextAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (HasPassed)
        {
            throw Outcome(exception);
        }
    }

    private void Expire()
    {
        _expired = true;
        _call.NoteExpired(_source.Token);
        try
        {
            _source.Cancel();
        }
        catch (AggregateException)
        {
            // What listens to a token may throw; on the timer's thread that would end the process.
        }
    }
}
