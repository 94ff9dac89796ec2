using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Execution.Resilience;

/// <summary>The attempts at an answer that is not streamed.</summary>
internal sealed class AnswerRun(
    ResilientModel model, ResiliencePolicy policy, IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    : ResilienceLoop<ChatResponse>(model, policy, options, call, cancellationToken)
{
    protected override (TimeLimit Limit, TimeSpan? Length) AttemptLimit => (TimeLimit.Attempt, Policy.AttemptTimeout);

    protected override ValueTask<ChatResponse> SendAsync(AttemptGuard guard)
    {
        if (Model.Edge is { } edge && !Call.IsOver)
            return edge.RespondAsync(messages, Options, Call, guard, guard.Token);
        var answer = Model.Client.AskAsync(messages, WithClock(guard), Call, guard.Token);
        return answer.IsCompleted ? answer : new(WaitAsync(answer.AsTask(), guard.Token));
    }

    protected override void OnGood(AttemptGuard guard) => guard.Succeed();

    /// <summary>Waits for a client that may be deaf to its token.</summary>
    private static async Task<ChatResponse> WaitAsync(Task<ChatResponse> answer, CancellationToken token)
    {
        try
        {
            return await answer.WaitAsync(token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!answer.IsCompleted)
        {
            // What a deaf client throws later has no reader; looking at it keeps it from being reported as unobserved.
            _ = answer.ContinueWith(static late => late.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            throw;
        }
    }
}
