using System.Runtime.CompilerServices;
using LlmKit.Internal;
using Microsoft.Extensions.AI;

namespace LlmKit.Calls;

/// <summary>One enumeration of a streamed call. It ends with one empty update that carries the call.</summary>
/// <remarks>
/// Leaving early, also while a move is pending, cancels what runs below, waits for it a bounded time and closes the call as abandoned;
/// so does the finaliser of an enumerator that nobody disposed of.
/// </remarks>
internal sealed class CallStreamEnumerator : IAsyncEnumerator<ChatResponseUpdate>
{
    private readonly CallSetup _setup;
    private readonly StageChatClient _client;
    private readonly IEnumerable<ChatMessage> _messages;
    private readonly ChatOptions? _options;
    private readonly LlmScope? _scope;
    private readonly CancellationToken _callerToken;
    private CancellationTokenSource? _cancel;
    private CancellationTokenRegistration _callerRegistration;
    private CancellationTokenRegistration _enumerationRegistration;
    private readonly CancellationToken _enumerationToken;
    private StreamReader<ChatResponseUpdate>? _reader;
    private FirstContentClock? _first;
    private LlmCall? _call;
    private ChatResponseUpdate? _current;
    private bool _done;
    private bool _leaving;

    public CallStreamEnumerator(
        CallSetup setup, StageChatClient client, IEnumerable<ChatMessage> messages, ChatOptions? options, LlmScope? scope,
        CancellationToken callerToken, CancellationToken enumerationToken)
    {
        _setup = setup;
        _client = client;
        _messages = messages;
        _options = options;
        _scope = scope;
        _callerToken = callerToken;
        _enumerationToken = enumerationToken;
    }

    ~CallStreamEnumerator()
    {
        if (_call is { IsClosed: false })
            ThreadPool.UnsafeQueueUserWorkItem(static stream => _ = stream.LeaveLostAsync(), this, preferLocal: false);
    }

    public ChatResponseUpdate Current => _current!;

    private bool Cancelled => _callerToken.IsCancellationRequested || _enumerationToken.IsCancellationRequested;

    public ValueTask<bool> MoveNextAsync()
    {
        if (_done)
            return new(false);
        try
        {
            if (_reader is null)
                Open();
            var move = _reader!.MoveNextAsync();
            if (move.IsCompletedSuccessfully && move.Result)
            {
                Take();
                return new(true);
            }

            return FinishMoveAsync(move);
        }
        catch (Exception exception)
        {
            return FailAsync(exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _done = true;
        _leaving = true;
        if (_call is { IsClosed: false } && _reader is not null)
        {
            await CancelAsync().ConfigureAwait(false);
            await LeaveAsync().ConfigureAwait(false);
        }

        _call?.Close(Cancelled ? CallStatus.Cancelled : CallStatus.Abandoned);
        Release();
    }

    /// <summary>Leaves a stream that nobody disposed of. Without this a token that lives on would keep what runs below alive and unpaid.</summary>
    private async Task LeaveLostAsync()
    {
        try
        {
            await DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The reader is gone: nobody is left to tell.
        }
    }

    private async ValueTask CancelAsync()
    {
        try
        {
            await _cancel!.CancelAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is ObjectDisposedException or AggregateException)
        {
            // A pending move ended the call meanwhile, or somebody's callback failed: neither may stop the stream from being left.
        }
    }

    private void Open()
    {
        _call = CallOpener.Open(_setup, _options, _scope, streaming: true, out var inside);
        _cancel = Deadline.SourceFor(_call.TimeLimit, _call.Time);
        _callerRegistration = _callerToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _cancel);
        _enumerationRegistration = _enumerationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _cancel);
        _first = FirstContentClock.Start(_call, _setup.Constraints.For(_call.Feature).FirstContent, _cancel);
        CallOpener.Begin(_call, _setup, inside);
        var stream = _client.StreamAsync(RequestMessages.Take(_messages), inside, _call, _cancel.Token) ?? throw CallErrors.NoAnswer(_call);
        _reader = new(stream, _call.Time, _cancel.Token);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> FinishMoveAsync(ValueTask<bool> move)
    {
        try
        {
            if (await move.ConfigureAwait(false))
            {
                Take();
                return true;
            }

            await _reader!.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            return await FailAsync(exception).ConfigureAwait(false);
        }

        _done = true;
        _call!.Close(CallStatus.Completed);
        _current = new CallUpdate(_call);
        Release();
        return true;
    }

    private void Take()
    {
        _current = _reader!.Current ?? throw CallErrors.NoAnswer(_call!);
        if (_current.FinishReason is { } reason)
            _call!.MarkEnd(reason);
        _call!.Interaction?.AddToolCalls(_current.Contents);
        if (_first is null)
            return;
        if (_first.Look(_current))
            _call.FirstContent = _call.Duration;
        else if (_first.HasPassed)
            throw new LlmTimeoutException(TimeLimit.FirstContent, _first.Limit, model: null);
    }

    private async ValueTask<bool> FailAsync(Exception exception)
    {
        _done = true;
        if (_call is null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(exception);
        var timedOut = exception is OperationCanceledException && !Cancelled && !_leaving && _cancel is { IsCancellationRequested: true };
        await LeaveAsync().ConfigureAwait(false);
        var outcome = !timedOut ? exception
            : _first is { HasPassed: true } first ? new LlmTimeoutException(TimeLimit.FirstContent, first.Limit, model: null, exception)
            : new LlmTimeoutException(TimeLimit.Deadline, _call.TimeLimit, model: null, exception);
        CallErrors.Attach(outcome, _call);
        _call.Close(Cancelled && outcome is OperationCanceledException ? CallStatus.Cancelled : _leaving ? CallStatus.Abandoned : CallStatus.Failed);
        Release();
        System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(outcome);
        return false;
    }

    private async ValueTask LeaveAsync()
    {
        if (_reader is null)
            return;
        try
        {
            await _reader.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The stream is being left for another reason, which is the one to report.
        }
    }

    private void Release()
    {
        _callerRegistration.Dispose();
        _enumerationRegistration.Dispose();
        _first?.Dispose();
        _cancel?.Dispose();
    }
}
