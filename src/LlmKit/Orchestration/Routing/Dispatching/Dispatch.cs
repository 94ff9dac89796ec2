using LlmKit.Calls;
using LlmKit.Internal.Hedging;
using LlmKit.Models;
using LlmKit.Orchestration.Routing.Policies;
using LlmKit.Orchestration.Routing.Traffic;
using Microsoft.Extensions.AI;

namespace LlmKit.Orchestration.Routing.Dispatching;

/// <summary>One request on its way through the candidates: which may be tried next, and what came of those before.</summary>
internal sealed class Dispatch
{
    private readonly RouterPlan _plan;
    private readonly RouteCandidate[] _order;
    private readonly ChatOptions _options;
    private readonly LlmCall _call;
    private readonly RequestFacts _request;
    private readonly PolicyAsker? _asker;
    private DispatchSetbacks? _setbacks;
    private RoutingDecision? _decision;
    private int _next;
    private bool _tried;

    public Dispatch(RouterPlan plan, RouteCandidate[] order, IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call)
    {
        _plan = plan;
        _options = options;
        _call = call;
        _request = new(messages, options);
        _asker = plan.Policy is null ? null : new(plan.Policy, plan.Chance, call, messages, options, _request);
        // A policy arranges what is left for each attempt; the declared order is everybody's.
        _order = _asker is null ? order : [.. order];
    }

    /// <summary>Gets whether the current candidate's answer is a draft that may be put aside: there is another candidate, and no state that one provider holds.</summary>
    public bool MayEscalate => _plan.Strategy == RoutingStrategy.Cascade && _request.State is null && HasAnother();

    /// <summary>Gives the next candidate that may and can take the request; the gates are asked again for each.</summary>
    /// <exception cref="AttemptRefusedException">None may, and none was tried.</exception>
    /// <exception cref="AttemptsExhaustedException">None is left after several.</exception>
    public RouteCandidate Next()
    {
        if (Take() is not { } candidate)
            throw Setbacks.Outcome();
        if (_tried)
            _call.Mark(AnswerMarks.Fallback);
        // The race of an attempt before, or of an earlier request of the same call, says nothing about who answers now.
        _call.DecideModel(winner: null);
        _tried = true;
        Record("chosen", candidate, reason: null);
        return candidate;
    }

    /// <summary>Gives the candidate to ask beside one that is slow, or <see langword="null"/> when none may be.</summary>
    public RouteCandidate? Beside(RouteCandidate slow, HedgePolicy policy, HedgeTraffic traffic)
    {
        if (!MayLeave || !HasAnother())
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

    /// <summary>Begins a request to a candidate, where a policy wants to know how models fare.</summary>
    public TrafficTicket? Begin(RouteCandidate candidate) => _asker is null ? null : new(candidate.Traffic);

    /// <summary>Notes which of two candidates answered first.</summary>
    public void Decided(RouteCandidate winner, RouteCandidate preferred)
    {
        _call.DecideModel(winner.Name);
        if (winner != preferred)
            _call.Mark(AnswerMarks.Fallback);
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
            Setbacks.Note(exception, candidate.Model.For(_call));
            mayFallBack &= MayFallBack(exception);
        }

        if (!mayFallBack || !HasAnother())
            throw Setbacks.Outcome();
        foreach (var (candidate, exception) in failures)
            Record("fallback", candidate, exception is AttemptRefusedException refused ? $"refused: {refused.Reason}" : $"failed: {exception.GetModelFailure()?.Kind}");
    }

    public void Accepted(RouteCandidate candidate) => Record("accepted", candidate, reason: null);

    public void Escalated(RouteCandidate candidate)
    {
        Record("escalated", candidate, "the draft was not accepted");
        _tried = false;
    }

    private DispatchSetbacks Setbacks => _setbacks ??= new();

    /// <summary>Gets whether another model may answer in the place of the first. State that one provider holds means nothing to another.</summary>
    private bool MayLeave => _options is not LlmCallOptions { AllowFallback: false } && _request.State is null;

    /// <summary>Takes the next candidate that passes the gates, and notes those that do not.</summary>
    private RouteCandidate? Take()
    {
        Arrange();
        while (_next < _order.Length)
        {
            var candidate = _order[_next++];
            if (Gate(candidate) is not { } reason)
                return candidate;
            Record("skipped", candidate, reason);
            Setbacks.FirstSkip ??= new(RefusalReason.Gate, candidate.Name, $"The model '{candidate.Name}' may not take this call: {reason}.");
        }

        return null;
    }

    /// <summary>Lets the policy, if there is one, put its choice before the others that are left.</summary>
    private void Arrange()
    {
        if (_asker is null || Array.FindAll(_order[_next..], candidate => Gate(candidate) is null) is not { Length: > 0 } open)
            return;
        _decision = _asker.Ask(Array.ConvertAll(open, candidate => candidate.Candidate));
        var index = Array.FindIndex(_order, _next, candidate => candidate.Name == _decision.Model);
        var chosen = _order[index];
        Array.Copy(_order, _next, _order, _next + 1, index - _next);
        _order[_next] = chosen;
    }

    private bool HasAnother()
    {
        for (var i = _next; i < _order.Length; i++)
        {
            if (Gate(_order[i]) is null)
                return true;
        }

        return false;
    }

    private string? Gate(RouteCandidate candidate)
    {
        if (_plan.WhyNotAllowed(_call.Tenant, candidate.Name) is { } reason)
            return reason;
        var model = candidate.Model.For(_call);
        return model.ContextWindow <= _setbacks?.Outgrown
            ? $"its window of {model.ContextWindow} is no larger than one that was too small"
            : ModelGates.Check(_call, _options, model, _request);
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
            _ => exception.GetModelFailure() is { } failure && _plan.FallbackOn.Contains(failure.Kind),
        };
    }

    private void Record(string decision, RouteCandidate candidate, string? reason, bool observed = false)
    {
        var routing = _decision?.Model == candidate.Name && decision is "chosen" or "hedged" ? _decision : null;
        _call.AddStep(new RouteStep(decision, candidate.Name, reason ?? routing?.Reason) { Observed = observed, Routing = routing });
        RouterTelemetry.Decided(decision, candidate.Name, observed);
    }
}
