using LlmKit.Calls;
using LlmKit.Internal;
using LlmKit.Models;
using LlmKit.Orchestration.Routing.Drafts;
using Microsoft.Extensions.AI;

namespace LlmKit.Orchestration.Routing.Dispatching;

/// <summary>The drafts of one request to a cascade: has each checked, and keeps the best of those that were not accepted for the case that nothing better comes.</summary>
internal sealed class CascadeDrafts(
    RouterPlan plan, Dispatch dispatch, IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, Func<string, IChatClient> door)
{
    private ChatResponse? _best;
    private RouteCandidate? _drafter;
    private int _passed;

    /// <summary>Gets the model whose draft the caller has seen, and which was not accepted; <see langword="null"/> where there is none.</summary>
    public RouteCandidate? Shown { get; private set; }

    /// <summary>Gets whether the current candidate's answer is checked before it counts.</summary>
    public bool AreChecked => dispatch.MayEscalate || (plan.FailUnverified && dispatch.IsDraft);

    /// <summary>Has a draft checked.</summary>
    /// <returns>Whether it is the answer.</returns>
    /// <exception cref="DraftRejectedException">It is not accepted, there is no other model to ask, and such a draft is not to be used.</exception>
    public async ValueTask<bool> AcceptAsync(RouteCandidate candidate, ChatResponse answer, bool isShown, CancellationToken cancellationToken)
    {
        // A refusal is an answer: another model is no way around it.
        if (answer.FinishReason == ChatFinishReason.ContentFilter)
        {
            dispatch.Judged("accepted", candidate, check: null, new(true, "the provider filtered it"));
            return true;
        }

        var draft = new ModelDraft(
            candidate.Name, answer, messages, options, call, (sent, token) => candidate.Client.GetResponseAsync(messages, sent, token), name => door(name));
        for (var i = 0; i < plan.Checks.Count; i++)
        {
            var check = plan.Checks[i];
            var verdict = await VerifyAsync(check, draft, cancellationToken).ConfigureAwait(false);
            if (!verdict.IsAccepted)
            {
                Reject(candidate, draft, check, verdict, passed: i, isShown);
                return false;
            }

            dispatch.Judged(i == plan.Checks.Count - 1 ? "accepted" : "verified", candidate, check, verdict);
        }

        return true;
    }

    /// <summary>Notes that the current candidate's answer is final though it was to be a draft: nobody stronger may be asked.</summary>
    public void NoteUnchecked(RouteCandidate candidate)
    {
        if (dispatch.IsDraft)
            dispatch.Judged("unverified", candidate, check: null, new(false, "no stronger model may be asked"));
    }

    /// <summary>Whether a draft that was put aside is to be the answer after all, because those that should have answered failed. One that is not even whole never is.</summary>
    public bool StandsIn(Exception failure, CancellationToken cancellationToken) =>
        _best is not null && !plan.FailUnverified && !cancellationToken.IsCancellationRequested
        && options is not LlmCallOptions { AllowFallback: false } && !IsRefusal(failure);

    /// <summary>Takes that draft.</summary>
    public ChatResponse Take()
    {
        call.Mark(AnswerMarks.Unverified);
        call.DecideModel(_drafter!.Name);
        dispatch.Judged("unverified", _drafter, check: null, new(false, "no stronger model answered"));
        return _best!;
    }

    private void Reject(RouteCandidate candidate, ModelDraft draft, DraftCheck check, DraftVerdict verdict, int passed, bool isShown)
    {
        if (!dispatch.MayEscalate)
        {
            dispatch.Judged("unverified", candidate, check, verdict);
            throw new DraftRejectedException(candidate.Name, check.Name);
        }

        dispatch.Judged("escalated", candidate, check, verdict);
        Shown = isShown ? candidate : null;
        var isWhole = FormatCheck.WhyNotWhole(draft) is null;
        // What the caller has seen can be followed by its own end, and by no other draft. Of equals the later one is the stronger model's.
        if (isShown)
            _best = null;
        if (!isWhole || (_best is not null && passed < _passed))
            return;
        (_best, _drafter, _passed) = (draft.Answer, candidate, passed);
    }

    private static async ValueTask<DraftVerdict> VerifyAsync(DraftCheck check, ModelDraft draft, CancellationToken cancellationToken)
    {
        if (check.ReadsText && draft.CallsTools)
            return new(true, "it calls a tool");
        try
        {
            // The user's own may be deaf, and the call has a deadline.
            return await check.VerifyAsync(draft, cancellationToken).AsTask().OrCancelled(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            return new(false, $"the check failed: {exception.GetType().Name}");
        }
    }

    /// <summary>Whether a provider would not answer: a weaker model's draft is no way around that.</summary>
    private static bool IsRefusal(Exception failure) =>
        failure is AttemptsExhaustedException several ? several.Failures.Any(IsRefusal) : failure.GetModelFailure()?.Kind == ModelFailureKind.ContentFiltered;
}
