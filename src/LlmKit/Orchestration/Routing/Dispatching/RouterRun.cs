using System.Runtime.CompilerServices;
using LlmKit.Calls;
using LlmKit.Internal;
using LlmKit.Internal.Hedging;
using LlmKit.Models;
using LlmKit.Orchestration.Routing.Drafts;
using Microsoft.Extensions.AI;

namespace LlmKit.Orchestration.Routing.Dispatching;

/// <summary>Asks the candidates of one request, one after the other or side by side, until one has answered. What it remembers, the dispatch does.</summary>
internal readonly struct RouterRun(Dispatch dispatch, CascadeDrafts? drafts)
{
    private LlmCall Call => dispatch.Call;

    public async ValueTask<ChatResponse> RespondAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var candidate = dispatch.Next();
                // Most requests are neither drafts nor for code: they take the short way.
                var response = drafts is null && candidate.Code is null
                    ? Kept(candidate, await AskAsync(candidate, cancellationToken).ConfigureAwait(false))
                    : await AnswerAsync(candidate, drafts is { AreChecked: true }, cancellationToken).ConfigureAwait(false);
                if (response is not null)
                    return response;
            }
        }
        catch (Exception exception) when (StandsIn(exception, cancellationToken))
        {
            return TakeStandIn();
        }
    }

    public async IAsyncEnumerable<ChatResponseUpdate> StreamAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        DraftStream? shown = null;
        while (true)
        {
            var turn = await TakeTurnAsync(cancellationToken).ConfigureAwait(false);
            if (turn.Whole is { } whole)
            {
                foreach (var update in shown?.HeldBack ?? whole.ToChatResponseUpdates())
                    yield return update;
                yield break;
            }

            using var token = turn.Leg;
            var opening = turn.Opening!;
            await using var stream = opening.ConfigureAwait(false);
            if (drafts?.Shown is { } rejected)
            {
                Call.Mark(AnswerMarks.Unverified);
                yield return DraftUpdates.Rejected(rejected.Name, Call.Id);
            }

            if (!turn.IsDraft)
            {
                foreach (var update in opening.Beginning)
                    yield return update;
                while (await opening.Rest.MoveNextAsync().ConfigureAwait(false))
                    yield return opening.Rest.Current;
                yield break;
            }

            shown = new(opening);
            while (await shown.MoveNextAsync().ConfigureAwait(false))
                yield return shown.Current;
            if (!await drafts!.AcceptAsync(turn.Candidate, shown.ToAnswer(), isShown: true, cancellationToken).ConfigureAwait(false))
                continue;
            foreach (var update in shown.HeldBack)
                yield return update;
            yield break;
        }
    }

    /// <summary>Finds who answers: the beginning of a stream, or an answer that is there as a whole.</summary>
    private async ValueTask<RouterTurn> TakeTurnAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var candidate = dispatch.Next();
                var isChecked = drafts is { AreChecked: true };
                if (candidate.Code is not null || (isChecked && !dispatch.Plan.StreamDrafts))
                {
                    if (await AnswerAsync(candidate, isChecked, cancellationToken).ConfigureAwait(false) is { } whole)
                        return new() { Candidate = candidate, Whole = whole };
                }
                else if (await OpenAsync(candidate, cancellationToken).ConfigureAwait(false) is var (opening, leg))
                {
                    if (await LeavesAsync(candidate, opening, leg).ConfigureAwait(false))
                        continue;
                    if (!isChecked)
                        drafts?.NoteUnchecked(candidate);
                    return new() { Candidate = candidate, Opening = opening, Leg = leg, IsDraft = isChecked };
                }
            }
        }
        catch (Exception exception) when (StandsIn(exception, cancellationToken))
        {
            return new() { Whole = TakeStandIn() };
        }
    }

    /// <summary>Asks a candidate for a whole answer. Gives <see langword="null"/> when there is none, or it is not to be the answer, and another may try.</summary>
    private async ValueTask<ChatResponse?> AnswerAsync(RouteCandidate candidate, bool isChecked, CancellationToken cancellationToken)
    {
        if (candidate.Code is not null)
            return await AskCodeAsync(candidate, cancellationToken).ConfigureAwait(false);
        if (Kept(candidate, await AskAsync(candidate, cancellationToken).ConfigureAwait(false)) is not { } response)
            return null;
        if (isChecked)
            return await drafts!.AcceptAsync(candidate, response, isShown: false, cancellationToken).ConfigureAwait(false) ? response : null;
        drafts?.NoteUnchecked(candidate);
        return response;
    }

    /// <summary>Gives an answer that stands; <see langword="null"/> for none, and for one that the provider filtered where another model is to be asked then.</summary>
    private ChatResponse? Kept(RouteCandidate candidate, ChatResponse? response)
    {
        if (response is null || !dispatch.LeavesFiltered(candidate, response.FinishReason))
            return response;
        dispatch.Filtered = response;
        return null;
    }

    private async ValueTask<ChatResponse?> AskCodeAsync(RouteCandidate candidate, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await candidate.Code!(dispatch.RequestTo(candidate), cancellationToken).AsTask().OrCancelled(cancellationToken).ConfigureAwait(false);
            if (answer is null)
            {
                dispatch.Declined(candidate);
                return null;
            }

            Call.AnsweredBy(candidate.Name);
            return CodeCandidate.Ended(answer);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            dispatch.Failed((candidate, exception));
            return null;
        }
    }

    /// <summary>Asks a model, and where it is slow the next one beside it. Gives <see langword="null"/> when it failed and another may try.</summary>
    private async ValueTask<ChatResponse?> AskAsync(RouteCandidate candidate, CancellationToken cancellationToken)
    {
        if (Race<ChatResponse>(candidate, cancellationToken) is { } race)
            return await RaceAsync(race, candidate).ConfigureAwait(false);
        using var ticket = dispatch.Begin(candidate);
        try
        {
            dispatch.LeaveFacts();
            var answer = await candidate.Client.AskAsync(dispatch.Messages, dispatch.Options, Call, cancellationToken).ConfigureAwait(false) ?? throw new NonsenseAnswerException(candidate.Name);
            ticket?.Answered();
            return answer;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            ticket?.Failed(exception);
            dispatch.Failed((candidate, exception));
            return null;
        }
    }

    /// <summary>Asks a model for a stream and reads it up to its first content: so far another can take its place and nobody sees.</summary>
    private async ValueTask<(StreamOpening Opening, IDisposable? Leg)?> OpenAsync(RouteCandidate candidate, CancellationToken cancellationToken)
    {
        if (Race<StreamOpening>(candidate, cancellationToken) is { } race)
            return await RaceAsync(race, candidate).ConfigureAwait(false);
        var ticket = dispatch.Begin(candidate);
        try
        {
            var opening = await StreamOpening.ReadAsync(candidate.Client, dispatch.Messages, dispatch.Options, cancellationToken).ConfigureAwait(false);
            ticket?.Answered();
            return (opening, ticket);
        }
        catch (Exception exception)
        {
            if (!cancellationToken.IsCancellationRequested)
                ticket?.Failed(exception);
            ticket?.Dispose();
            if (cancellationToken.IsCancellationRequested)
                throw;
            dispatch.Failed((candidate, exception));
            return null;
        }
    }

    private async ValueTask<ChatResponse?> RaceAsync(DispatchRace<ChatResponse> race, RouteCandidate preferred)
    {
        using var leg = await race.RunAsync(preferred, AskAsync).ConfigureAwait(false);
        return leg is null ? null : await leg.Value.Answer.ConfigureAwait(false);
    }

    private async ValueTask<(StreamOpening Opening, IDisposable? Leg)?> RaceAsync(DispatchRace<StreamOpening> race, RouteCandidate preferred)
    {
        var messages = dispatch.Messages;
        var leg = await race.RunAsync(preferred, (asked, sent, token) => StreamOpening.ReadAsync(asked.Client, messages, sent, token)).ConfigureAwait(false);
        return leg is null ? null : (await leg.Value.Answer.ConfigureAwait(false), leg);
    }

    private async ValueTask<ChatResponse> AskAsync(RouteCandidate candidate, ChatOptions sent, CancellationToken cancellationToken) =>
        await candidate.Client.AskAsync(dispatch.Messages, sent, Call, cancellationToken).ConfigureAwait(false) ?? throw new NonsenseAnswerException(candidate.Name);

    private DispatchRace<T>? Race<T>(RouteCandidate candidate, CancellationToken cancellationToken)
        where T : class =>
        dispatch.Plan.Hedging is { } hedging && hedging.MayHedge(dispatch.Options) ? new(dispatch, hedging, dispatch.TrafficOf(candidate), dispatch.Options, cancellationToken) : null;

    /// <summary>Leaves a stream that the provider's filter ended before it showed anything, where another model is to be asked then.</summary>
    private async ValueTask<bool> LeavesAsync(RouteCandidate candidate, StreamOpening opening, IDisposable? leg)
    {
        if (opening.Beginning is [] || FirstContent.IsIn(opening.Beginning[^1]) || !dispatch.LeavesFiltered(candidate, opening.Beginning.LastOrDefault(update => update.FinishReason is not null)?.FinishReason))
            return false;
        dispatch.Filtered = opening.Beginning.ToChatResponse();
        leg?.Dispose();
        await opening.LeaveAsync().ConfigureAwait(false);
        return true;
    }

    /// <summary>Whether an answer that was put aside is to be the answer after all, because those that should have answered failed.</summary>
    private bool StandsIn(Exception failure, CancellationToken cancellationToken) =>
        (dispatch.Filtered is not null && !cancellationToken.IsCancellationRequested) || drafts?.StandsIn(failure, cancellationToken) == true;

    private ChatResponse TakeStandIn() => dispatch.Filtered ?? drafts!.Take();
}
