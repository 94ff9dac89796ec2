using LlmKit.Internal;
using Microsoft.Extensions.AI;

namespace LlmKit.Calls;

/// <summary>Runs a request as one call: opens it, holds its deadline, closes it once.</summary>
internal static class CallRunner
{
    public static Task<ChatResponse> RunAsync(
        CallSetup setup, StageChatClient client, IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        var call = CallOpener.Open(setup, options, LlmScope.Current, streaming: false, out var inside);
        var deadline = Deadline.Start(call, cancellationToken);
        ValueTask<ChatResponse> answering;
        try
        {
            CallOpener.Begin(call, setup, inside);
            answering = client.RespondAsync(RequestMessages.Take(messages), inside, call, deadline?.Token ?? cancellationToken);
        }
        catch (Exception exception)
        {
            // What fails before the answer is begun is the answer's failure.
            answering = ValueTask.FromException<ChatResponse>(exception);
        }

        // An answer that is there at once, such as one from memory, needs nobody to wait for it.
        return deadline is null && answering is { IsCompletedSuccessfully: true, Result: { } response }
            ? Task.FromResult<ChatResponse>(Complete(call, response))
            : FinishAsync(call, answering, deadline, cancellationToken);
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

    private static async Task<ChatResponse> FinishAsync(LlmCall call, ValueTask<ChatResponse> answering, Deadline? deadline, CancellationToken cancellationToken)
    {
        using var _ = deadline;
        try
        {
            return Complete(call, await answering.OrLeft(call.Time, deadline?.Token ?? cancellationToken).ConfigureAwait(false) ?? throw CallErrors.NoAnswer(call));
        }
        catch (Exception exception)
        {
            throw Fail(call, exception, deadline, cancellationToken);
        }
    }

    private static CallResponse Complete(LlmCall call, ChatResponse response)
    {
        call.MarkEnd(response.FinishReason);
        if (call.Interaction is { } interaction)
        {
            foreach (var message in response.Messages)
                interaction.AddToolCalls(message.Contents);
        }

        call.Close(CallStatus.Completed);
        return new CallResponse(response, call);
    }

    /// <summary>Keeps the stack trace of where the exception came from.</summary>
    private static Exception Rethrown(Exception exception)
    {
        System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(exception);
        return exception;
    }
}
