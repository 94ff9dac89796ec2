using LlmKit.Internal;
using Microsoft.Extensions.AI;

namespace LlmKit.Calls;

/// <summary>Runs a request as one call: opens it, holds its deadline, closes it once.</summary>
internal static class CallRunner
{
    public static async Task<ChatResponse> RunAsync(
        CallSetup setup, StageChatClient client, IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        var call = CallOpener.Open(setup, options, LlmScope.Current, streaming: false, out var inside);
        using var deadline = Deadline.Start(call, cancellationToken);
        try
        {
            CallOpener.Begin(call, setup);
            var token = deadline?.Token ?? cancellationToken;
            var response = await client.RespondAsync(RequestMessages.Take(messages), inside, call, token).OrLeft(call.Time, token).ConfigureAwait(false)
                ?? throw CallErrors.NoAnswer(call);
            call.MarkEnd(response.FinishReason);
            call.Close(CallStatus.Completed);
            return new CallResponse(response, call);
        }
        catch (Exception exception)
        {
            throw Fail(call, exception, deadline, cancellationToken);
        }
    }

    /// <summary>Closes a call that ended with an exception and gives the exception to throw: the same one, unless the deadline ended it.</summary>
    public static Exception Fail(LlmCall call, Exception exception, Deadline? deadline, CancellationToken cancellationToken)
    {
        var outcome = exception;
        if (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested && deadline is { HasPassed: true })
            outcome = new LlmTimeoutException(TimeLimit.Deadline, call.TimeLimit, model: null, exception);
        CallErrors.Attach(outcome, call);
        call.Close(outcome is OperationCanceledException && cancellationToken.IsCancellationRequested ? CallStatus.Cancelled : CallStatus.Failed);
        return ReferenceEquals(outcome, exception) ? Rethrown(exception) : outcome;
    }

    /// <summary>Keeps the stack trace of where the exception came from.</summary>
    private static Exception Rethrown(Exception exception)
    {
        System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(exception);
        return exception;
    }
}
