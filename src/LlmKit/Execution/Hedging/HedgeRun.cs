using LlmKit.Calls;
using LlmKit.Internal.Hedging;
using LlmKit.Models;
using Microsoft.Extensions.AI;

namespace LlmKit.Execution.Hedging;

/// <summary>One call's attempts on one model: the first, and where it is slow or fails in passing, a second.</summary>
/// <typeparam name="T">A whole answer, or the opening of a stream.</typeparam>
internal abstract class HedgeRun<T>(
    HedgedModel model, HedgePolicy policy, IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    where T : class
{
    private readonly long _started = model.Traffic.Time.GetTimestamp();

    protected IChatClient Client => model.Client;

    protected IReadOnlyList<ChatMessage> Messages => messages;

    protected LlmCall Call => call;

    protected abstract bool IsStreaming { get; }

    /// <summary>Makes the attempts.</summary>
    /// <returns>The first good answer.</returns>
    /// <exception cref="AttemptsExhaustedException">Both failed.</exception>
    public async ValueTask<T> RunAsync()
    {
        var delay = model.Traffic.Enter(policy, IsStreaming, _started);
        var leg = Start(options);
        if (!await leg.EndsWithinAsync(delay, _started).ConfigureAwait(false))
        {
            if (TakesHedge("slow"))
                leg = await HedgeAsync(leg).ConfigureAwait(false);
            else
                await leg.EndsAsync().ConfigureAwait(false);
        }
        else if (!leg.IsGood && MayGoBetter(leg.Failure) && TakesHedge("failed"))
        {
            leg = await HedgeAsync(leg).ConfigureAwait(false);
        }

        if (leg.IsGood)
            model.Traffic.Leave(policy, IsStreaming, _started);
        OnEnded(leg);
        return await leg.Answer.ConfigureAwait(false);
    }

    /// <summary>Makes one attempt.</summary>
    protected abstract ValueTask<T> SendAsync(ChatOptions sent, CancellationToken token);

    /// <summary>Lets go of the attempt that speaks for the call, at once or when its answer has been read.</summary>
    protected abstract void OnEnded(HedgeLeg<T> leg);

    private HedgeLeg<T> Start(ChatOptions sent)
    {
        var watch = model.Traffic.Watch(cancellationToken);
        try
        {
            return new(watch, SendAsync(sent, watch.Token).AsTask());
        }
        catch (Exception exception)
        {
            return new(watch, Task.FromException<T>(exception));
        }
    }

    private async ValueTask<HedgeLeg<T>> HedgeAsync(HedgeLeg<T> first)
    {
        var second = Start(HedgeMark.Set(options));
        if (await HedgeLeg<T>.FirstGoodAsync(first, second).ConfigureAwait(false) is not { } winner)
            return LegThatSpeaks(first, second) ?? throw new AttemptsExhaustedException([.. AttemptsOf(first), .. AttemptsOf(second)]);
        Note(winner == first ? HedgeStep.Lost : HedgeStep.Won, reason: null);
        return winner;
    }

    /// <summary>Gives the attempt whose failure is that of both: a call that was cancelled ends with its cancellation, and a hedge that was refused, such as by a budget, was never an attempt.</summary>
    private HedgeLeg<T>? LegThatSpeaks(HedgeLeg<T> first, HedgeLeg<T> second) =>
        HedgeLeg<T>.Cancelled(first, second, cancellationToken) ?? (second.Failure is AttemptRefusedException ? first : null);

    private bool TakesHedge(string why)
    {
        if (cancellationToken.IsCancellationRequested)
            return false;
        if (new RequestFacts(messages, options).State is not null)
            Note(HedgeStep.Not, "the request refers to state that its provider holds");
        else if (!model.Traffic.TryTake(policy))
            Note(HedgeStep.Not, "the model's hedge budget is used up");
        else
        {
            Note(HedgeStep.Begun, why);
            return true;
        }

        return false;
    }

    private void Note(string decision, string? reason)
    {
        call.AddStep(new HedgeStep(decision, model.Name, reason));
        HedgingTelemetry.Decided(decision, model.Name, reason);
    }

    /// <summary>Whether another attempt at once may go better. A provider that asks to wait is not asked again, nor is one that a retrying executor gave up.</summary>
    private static bool MayGoBetter(Exception failure) =>
        failure is not (AttemptRefusedException or AttemptsExhaustedException or LlmTimeoutException { Limit: TimeLimit.Total or TimeLimit.Deadline })
        && failure.GetModelFailure() is { IsTransient: true, IsGivenUp: false, RetryAfter: null, Kind: not ModelFailureKind.RateLimited };

    private static IEnumerable<Exception> AttemptsOf(HedgeLeg<T> leg) => leg.Failure is AttemptsExhaustedException several ? several.Failures : [leg.Failure];
}
