using System.Runtime.CompilerServices;
using LlmKit.Calls;
using LlmKit.Internal;
using Microsoft.Extensions.AI;

namespace LlmKit.Pipeline;

/// <summary>Holds what a pipeline does in another one's call to its own limits on time, where they are tighter than what the call has left.</summary>
/// <remarks>To whoever asked, it is a model that took too long: another may answer in the time that the call has left.</remarks>
internal sealed class InnerDeadline : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly LlmCall _call;
    private readonly InnerLimits _limits;
    private readonly CancellationToken _callerToken;
    private readonly CancellationTokenRegistration _registration;
    private readonly ITimer? _timer;
    private readonly FirstContentClock? _first;
    private volatile bool _expired;

    private InnerDeadline(LlmCall call, InnerLimits limits, bool isStreaming, CancellationToken cancellationToken)
    {
        _call = call;
        _limits = limits;
        _callerToken = cancellationToken;
        _registration = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
        if (limits.Latency is { } length)
            _timer = call.Time.CreateTimer(static deadline => ((InnerDeadline)deadline!).Expire(), this, length, Timeout.InfiniteTimeSpan);
        _first = isStreaming ? FirstContentClock.Start(call, limits.FirstContent, _source) : null;
    }

    public static async ValueTask<ChatResponse> RespondAsync(
        IChatClient inner, IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, InnerLimits limits, CancellationToken cancellationToken)
    {
        using var deadline = new InnerDeadline(call, limits, isStreaming: false, cancellationToken);
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
        IChatClient inner, IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, InnerLimits limits, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var deadline = new InnerDeadline(call, limits, isStreaming: true, cancellationToken);
        var token = deadline._source.Token;
        var reader = new StreamReader<ChatResponseUpdate>(inner.GetStreamingResponseAsync(messages, options, token), call.Time, token);
        await using var _ = reader.ConfigureAwait(false);
        while (await deadline.MoveAsync(reader).ConfigureAwait(false))
        {
            var update = reader.Current;
            // What comes as the time is up comes too late: once it is shown, nobody else may answer.
            if (deadline._first is { } first && !first.Look(update) && first.HasPassed)
                throw deadline.Outcome(cause: null);
            yield return update;
        }
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _first?.Dispose();
        _registration.Dispose();
    }

    private bool HasPassed => (_expired || _first is { HasPassed: true }) && !_callerToken.IsCancellationRequested;

    private LlmTimeoutException Outcome(Exception? cause) => _first is { HasPassed: true } first
        ? new(TimeLimit.FirstContent, first.Limit, model: null, cause)
        : new(TimeLimit.Deadline, _limits.Latency, model: null, cause);

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
