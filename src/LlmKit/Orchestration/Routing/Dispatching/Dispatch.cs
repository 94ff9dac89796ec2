using LlmKit.Calls;
using LlmKit.Internal.Hedging;
using LlmKit.Models;
using LlmKit.Orchestration.Routing.Drafts;
using LlmKit.Orchestration.Routing.Policies;
using LlmKit.Orchestration.Routing.Traffic;
using Microsoft.Extensions.AI;

namespace LlmKit.Orchestration.Routing.Dispatching;

/// <summary>One request on its way through the candidates: which may be tried next, and what came of those before.</summary>
internal sealed class Dispatch
{
    private readonly PlannedCandidates _planned;
    private readonly RequestFacts _request;
    private readonly PolicyAsker? _asker;
    private readonly StateOwner _owner;
    private RouteCandidate[] _order;
    private DispatchSetbacks? _setbacks;
    private int _next;
    private bool _tried;

    public Dispatch(PlannedCandidates planned, ModelRoute route, IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call)
    {
        _planned = planned;
        Call = call;
        _request = new(messages, options);
        _owner = StateOwner.Of(_request, planned);
        _asker = route.Policy is null ? null : new(route.Policy, Plan.Chance, call, _request);
        // A policy arranges what is left for each attempt; the declared order is everybody's.
        _order = _asker is null ? planned.Of(route) : [.. planned.Of(route)];
    }

    public RouterPlan Plan => _planned.Plan;

    public IReadOnlyList<ChatMessage> Messages => _request.Messages;

    public ChatOptions Options => _request.Options!;

    public LlmCall Call { get; }

    /// <summary>Gets how much hedges may do beside a candidate.</summary>
    public HedgeTraffic TrafficOf(RouteCandidate candidate) => _planned.Traffic[candidate.Name];

    /// <summary>Gets or sets an answer that the provider filtered and that was put aside.</summary>
    public ChatResponse? Filtered
    {
        get => _setbacks?.Filtered;
        set => Setbacks.Filtered = value;
    }

    /// <summary>Gets whether the current candidate's answer is a draft that may be put aside: there is another candidate, and no state that one provider holds.</summary>
    public bool MayEscalate => IsDraft && _owner.MayLeave && HasAnother();

    /// <summary>Gets whether the current candidate stands before another one in a cascade, whether or not that may take this request.</summary>
    public bool IsDraft => Plan.Strategy == RoutingStrategy.Cascade && _setbacks?.TurnedBy is null && _next < _order.Length;

    /// <summary>Gives the next candidate that may and can take the request; the gates are asked again for each.</summary>
    /// <exception cref="AttemptRefusedException">None may, and none was tried.</exception>
    /// <exception cref="AttemptsExhaustedException">None is left after several.</exception>
    public RouteCandidate Next()
    {
        if (Take() is not { } candidate)
            throw Setbacks.Outcome();
        if (_tried)
            Call.Mark(AnswerMarks.Fallback);
        // The race of an attempt before, or of an earlier request of the same call, says nothing about who answers now.
        Call.DecideModel(winner: null);
        Record("chosen", candidate, _setbacks?.TurnedBy ?? _owner.Reason ?? (_asker is null ? OrderReason() : null));
        _tried = true;
        return candidate;
    }

    /// <summary>Gives the candidate to ask beside one that is slow, or <see langword="null"/> when none may be.</summary>
    public RouteCandidate? Beside(RouteCandidate slow, HedgePolicy policy, HedgeTraffic traffic)
    {
        // Code is not raced, and a policy could choose it.
        if (!MayLeave || NextOpen() is not { Code: null } || (_asker is not null && Array.Exists(_order[_next..], candidate => candidate.Code is not null)))
            return null;
        if (!traffic.TryTake(policy))
        {
            Record("not-hedged", slow, "the model's hedge budget is used up");
            return null;
        }

        var beside = Take()!;
        Record("hedged", beside, $"the model '{slow.Name}' is slow");
        return beside;
    }

    /// <summary>Leaves what was read of the request for a model that is asked alone.</summary>
    public void LeaveFacts() => _request.Leave();

    /// <summary>Begins a request to a candidate, where a policy wants to know how models fare.</summary>
    public TrafficTicket? Begin(RouteCandidate candidate) => _asker is null ? null : new(candidate.Traffic);

    /// <summary>Notes which of two candidates answered first.</summary>
    public void Decided(RouteCandidate winner, RouteCandidate preferred)
    {
        Call.DecideModel(winner.Name);
        if (winner != preferred)
            Call.Mark(AnswerMarks.Fallback);
        Record(winner == preferred ? "hedge-lost" : "hedge-won", winner, reason: null);
    }

    /// <summary>Records which candidate would be asked, and changes nothing.</summary>
    public void Foresee()
    {
        Arrange();
        foreach (var candidate in _order)
        {
            var reason = Gate(candidate);
            Record(reason is null ? "chosen" : "skipped", candidate, reason, observed: true);
            if (reason is null)
                return;
        }
    }

    /// <summary>Notes the failure of a candidate, or of several that were asked together; throws unless another candidate may try.</summary>
    public void Failed(params ReadOnlySpan<(RouteCandidate Candidate, Exception Exception)> failures)
    {
        var mayFallBack = true;
        foreach (var (candidate, exception) in failures)
        {
            Setbacks.Note(exception, candidate.Model.For(Call));
            mayFallBack &= candidate.Code is null ? MayFallBack(exception) : MayLeave;
        }

        if (mayFallBack)
            TurnToListed(failures);
        if (!mayFallBack || !HasAnother())
            throw Setbacks.Outcome();
        foreach (var (candidate, exception) in failures)
            Record("fallback", candidate, exception is AttemptRefusedException refused ? $"refused: {refused.Reason}" : $"failed: {exception.GetModelFailure()?.Kind.ToString() ?? exception.GetType().Name}");
    }

    /// <summary>Turns to the models that are declared for an answer which the provider's filter took; false where there are none, and the answer stands.</summary>
    public bool LeavesFiltered(RouteCandidate candidate, ChatFinishReason? reason)
    {
        if (reason != ChatFinishReason.ContentFilter || !MayLeave)
            return false;
        var filtered = new ModelFailure { Kind = ModelFailureKind.ContentFiltered };
        if (_planned.FallbacksFor(filtered) is not { } targets || !Array.Exists(Left(targets), target => Gate(target) is null))
            return false;
        Record("fallback", candidate, $"failed: {filtered.Kind}");
        TurnTo(targets, filtered.Kind);
        return true;
    }

    /// <summary>Gives what code may know of the request.</summary>
    public RoutingRequest RequestTo(RouteCandidate candidate) => new(Call, _request, [candidate.Candidate], chance: 0);

    /// <summary>Notes that code has no answer: whoever comes next is no fallback.</summary>
    public void Declined(RouteCandidate candidate)
    {
        Record("declined", candidate, reason: null);
        Setbacks.Declined ??= new(RefusalReason.Gate, candidate.Name, $"The code candidate '{candidate.Name}' declined, and no model may take the call. Name one in the router's order.");
        _tried = false;
    }

    /// <summary>Notes what became of a candidate's draft, and by which check.</summary>
    public void Judged(string decision, RouteCandidate candidate, DraftCheck? check, DraftVerdict verdict)
    {
        var reason = verdict.Reason ?? (verdict.IsAccepted ? null : "the draft was not accepted");
        Call.AddStep(new RouteStep(decision, candidate.Name, reason) { Check = check?.Name, Score = verdict.Score, Threshold = verdict.Threshold });
        RouterTelemetry.Decided(decision, candidate.Name, observed: false);
        if (decision != "escalated")
            return;
        _tried = false;
        _asker?.Escalated(candidate.Name, check, verdict);
    }

    private DispatchSetbacks Setbacks => _setbacks ??= new();

    /// <summary>Gets whether another model may answer in the place of the first. State that one provider holds means nothing to another.</summary>
    private bool MayLeave => Options is not LlmCallOptions { AllowFallback: false } && _owner.MayLeave;

    /// <summary>Takes the next candidate that passes the gates, and notes those that do not.</summary>
    private RouteCandidate? Take()
    {
        Arrange();
        while (_next < _order.Length)
        {
            var candidate = _order[_next++];
            if (Gate(candidate) is not { } reason)
            {
                if (_planned.HasFallbacks)
                    Setbacks.Taken.Add(candidate);
                return candidate;
            }

            Record("skipped", candidate, reason);
            Setbacks.FirstSkip ??= Plan.Refusal(Call.Tenant, candidate.Name, reason);
        }

        return null;
    }

    /// <summary>Lets the policy, if there is one, put its choice before the others that are left and may be asked.</summary>
    private void Arrange()
    {
        if (_asker is null || Open() is not { Length: > 0 } open)
            return;
        var model = _asker.Ask(open).Model;
        var first = Array.FindIndex(_order, _next, candidate => candidate.Name == open[0].Name);
        var index = Array.FindIndex(_order, first, candidate => candidate.Name == model);
        var chosen = _order[index];
        Array.Copy(_order, first, _order, first + 1, index - first);
        _order[first] = chosen;
    }

    /// <summary>Gives what a policy may choose from.</summary>
    private ModelCandidate[] Open()
    {
        var open = new ModelCandidate[_order.Length - _next];
        var count = 0;
        for (var i = _next; i < _order.Length; i++)
        {
            if (Gate(_order[i]) is null)
                open[count++] = _order[i].Candidate;
        }

        return count == open.Length ? open : open[..count];
    }

    private bool HasAnother() => NextOpen() is not null;

    private RouteCandidate? NextOpen()
    {
        for (var i = _next; i < _order.Length; i++)
        {
            if (Gate(_order[i]) is null)
                return _order[i];
        }

        return null;
    }

    /// <summary>Turns to the candidates that are declared for the kind of one of the failures, if any are.</summary>
    private void TurnToListed(ReadOnlySpan<(RouteCandidate Candidate, Exception Exception)> failures)
    {
        if (!_planned.HasFallbacks)
            return;
        foreach (var (candidate, exception) in failures)
        {
            var failure = candidate.Code is null ? FailureOf(exception) : null;
            if (_planned.FallbacksFor(failure) is not { } targets)
                continue;
            TurnTo(targets, failure!.Kind);
            return;
        }
    }

    private void TurnTo(FallbackList targets, ModelFailureKind kind)
    {
        (_order, _next) = (Left(targets), 0);
        _asker?.TurnTo(targets.Policy);
        Setbacks.TurnedBy = $"it is declared for {kind}";
    }

    /// <summary>Gives those that this request has not been to.</summary>
    private RouteCandidate[] Left(FallbackList targets) => Array.FindAll(targets.Candidates, target => _setbacks?.Taken.Contains(target) != true);

    private static ModelFailure? FailureOf(Exception exception) => exception switch
    {
        AttemptRefusedException => null,
        AttemptsExhaustedException { Failures: [.., var last] } => FailureOf(last),
        _ => exception.GetModelFailure(),
    };

    private string? Gate(RouteCandidate candidate)
    {
        if (Plan.WhyNotAllowed(Call.Tenant, candidate.Name) is { } reason)
            return reason;
        var model = candidate.Model.For(Call);
        if (candidate.Code is not null)
            return _request.State is null ? ModelGates.CheckName(Call, Options, model) : "the request refers to state that a provider holds";
        return _owner.WhyNot(candidate, model, Call)
            ?? (model.ContextWindow <= _setbacks?.Outgrown
                ? $"its window of {model.ContextWindow} is no larger than one that was too small"
                : ModelGates.Check(Call, Options, model, _request));
    }

    private bool MayFallBack(Exception exception)
    {
        if (exception is AttemptRefusedException { Reason: RefusalReason.Gate })
            return true;
        if (!MayLeave)
            return false;
        return exception switch
        {
            AttemptRefusedException => true,
            AttemptsExhaustedException several => several.Failures.All(MayFallBack),
            _ => exception.GetModelFailure() is { } failure && (Plan.FallbackOn.Contains(failure.Kind) || _planned.FallbacksFor(failure) is not null),
        };
    }

    /// <summary>Says why it is this candidate's turn where no policy was asked.</summary>
    private string OrderReason() => Plan.Strategy switch
    {
        RoutingStrategy.Weighted => "drawn by weight",
        RoutingStrategy.Cascade => _tried ? "next in the cascade" : "first in the cascade",
        _ => _tried ? "next in order" : "first in order",
    };

    private void Record(string decision, RouteCandidate candidate, string? reason, bool observed = false)
    {
        var routing = _asker?.Decision is { } asked && asked.Model == candidate.Name && decision is "chosen" or "hedged" ? _asker.Decision : null;
        Call.AddStep(new RouteStep(decision, candidate.Name, reason ?? routing?.Reason) { Observed = observed, Routing = routing });
        RouterTelemetry.Decided(decision, candidate.Name, observed);
    }
}
