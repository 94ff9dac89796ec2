using LlmKit.Internal;
using LlmKit.Internal.Hedging;
using LlmKit.Orchestration.Routing.Traffic;
using Microsoft.Extensions.AI;

namespace LlmKit.Orchestration.Routing.Dispatching;

/// <summary>Asks a candidate, and the next one beside it when it is slow.</summary>
/// <typeparam name="T">A whole answer, or the opening of a stream.</typeparam>
internal sealed class DispatchRace<T>(Dispatch dispatch, HedgePolicy policy, HedgeTraffic traffic, ChatOptions options, CancellationToken cancellationToken)
    where T : class
{
    private static readonly bool IsStreaming = typeof(T) == typeof(StreamOpening);
    private readonly long _started = traffic.Time.GetTimestamp();

    /// <summary>Makes one attempt, or two side by side.</summary>
    /// <param name="preferred">The candidate to ask first.</param>
    /// <param name="send">Asks a candidate; what goes wrong is in its task.</param>
    /// <returns>The attempt with the answer, to be disposed of when that has been read; <see langword="null"/> when what was asked has failed and another candidate may try.</returns>
    public async ValueTask<HedgeLeg<T>?> RunAsync(RouteCandidate preferred, Func<RouteCandidate, ChatOptions, CancellationToken, ValueTask<T>> send)
    {
        var delay = traffic.Enter(policy, IsStreaming, _started);
        var first = Start(preferred, options, send);
        if (!await first.EndsWithinAsync(delay, _started).ConfigureAwait(false))
        {
            if (!cancellationToken.IsCancellationRequested && dispatch.Beside(preferred, policy, traffic) is { } beside)
                return await AgainstAsync(preferred, first, beside, send).ConfigureAwait(false);
            await first.EndsAsync().ConfigureAwait(false);
        }

        if (first.IsGood)
        {
            traffic.Leave(policy, IsStreaming, _started);
            return first;
        }

        await FailAsync(first, first, (preferred, first.Failure)).ConfigureAwait(false);
        return null;
    }

    private async ValueTask<HedgeLeg<T>?> AgainstAsync(
        RouteCandidate preferred, HedgeLeg<T> first, RouteCandidate beside, Func<RouteCandidate, ChatOptions, CancellationToken, ValueTask<T>> send)
    {
        var second = Start(beside, HedgeMark.Set(options), send);
        if (await HedgeLeg<T>.FirstGoodAsync(first, second).ConfigureAwait(false) is not { } winner)
        {
            await FailAsync(first, second, (preferred, first.Failure), (beside, second.Failure)).ConfigureAwait(false);
            return null;
        }

        traffic.Leave(policy, IsStreaming, _started);
        dispatch.Decided(winner == first ? preferred : beside, preferred);
        return winner;
    }

    private HedgeLeg<T> Start(RouteCandidate candidate, ChatOptions sent, Func<RouteCandidate, ChatOptions, CancellationToken, ValueTask<T>> send)
    {
        var watch = traffic.Watch(cancellationToken);
        return dispatch.Begin(candidate) is { } ticket
            ? new(watch, NotedAsync(ticket, candidate, sent, send, watch.Token)) { Held = ticket }
            : new(watch, send(candidate, sent, watch.Token).AsTask());
    }

    /// <summary>Asks a candidate, and has the policy know how it fares. An attempt that lost the race has not failed.</summary>
    private static async Task<T> NotedAsync(
        TrafficTicket ticket, RouteCandidate candidate, ChatOptions sent, Func<RouteCandidate, ChatOptions, CancellationToken, ValueTask<T>> send, CancellationToken token)
    {
        try
        {
            var answer = await send(candidate, sent, token).ConfigureAwait(false);
            ticket.Answered();
            return answer;
        }
        catch (Exception exception) when (!token.IsCancellationRequested)
        {
            ticket.Failed(exception);
            throw;
        }
    }

    /// <summary>Notes what failed; a call that was cancelled ends with its cancellation.</summary>
    private async ValueTask FailAsync(HedgeLeg<T> first, HedgeLeg<T> second, params (RouteCandidate Candidate, Exception Exception)[] failures)
    {
        first.Dispose();
        if (HedgeLeg<T>.Cancelled(first, second, cancellationToken) is { } cancelled)
            await cancelled.Answer.ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        dispatch.Failed(failures);
    }
}
