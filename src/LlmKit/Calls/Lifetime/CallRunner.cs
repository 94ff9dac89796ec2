using System.Runtime.CompilerServices;
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
            var response = await client.RespondAsync(messages.ToArray(), inside, call, deadline?.Token ?? cancellationToken).ConfigureAwait(false);
            if (response.FinishReason == ChatFinishReason.Length)
                call.Mark(AnswerMarks.Truncated);
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
        call.Close(outcome is OperationCanceledException && cancellationToken.IsCancellationRequested ? CallStatus.Cancelled : CallStatus.Failed);
        CallErrors.Attach(outcome, call);
        return ReferenceEquals(outcome, exception) ? Rethrown(exception) : outcome;
    }

    /// <summary>Keeps the stack trace of where the exception came from.</summary>
    private static Exception Rethrown(Exception exception)
    {
        System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(exception);
        return exception;
    }
}
