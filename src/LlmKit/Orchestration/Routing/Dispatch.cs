using System.Runtime.ExceptionServices;
using LlmKit.Calls;
using LlmKit.Models;
using Microsoft.Extensions.AI;

namespace LlmKit.Orchestration.Routing;

/// <summary>One request on its way through the candidates: which may be tried next, and what came of those before.</summary>
internal sealed class Dispatch
{
    private readonly RouterPolicy _policy;
    private readonly IReadOnlyList<RouteCandidate> _order;
    private readonly ChatOptions _options;
    private readonly LlmCall _call;
    private readonly RequestFacts _request;
    private List<Exception>? _failures;
    private int _next;
    private bool _tried;

    public Dispatch(RouterPolicy policy, IReadOnlyList<RouteCandidate> order, IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call)
    {
        _policy = policy;
        _order = order;
        _options = options;
        _call = call;
        _request = new(messages, options);
    }

    /// <summary>Gets whether no candidate is left after the current one.</summary>
    public bool IsLast => _next >= _order.Count;

    /// <summary>Gives the next candidate that may and can take the request; the gates are asked again for each.</summary>
    /// <exception cref="AttemptRefusedException">None may, and none was tried.</exception>
    /// <exception cref="AttemptsExhaustedException">None is left after several.</exception>
    public RouteCandidate Next()
    {
        while (_next < _order.Count)
        {
            var candidate = _order[_next++];
            if (Gate(candidate) is not { } reason)
            {
                Chosen(candidate);
                return candidate;
            }

            _call.AddStep(new RouteStep("skipped", candidate.Name, reason));
            RouterTelemetry.Decided("skipped", candidate.Name);
            (_failures ??= []).Add(new AttemptRefusedException(RefusalReason.Gate, candidate.Name, $"The model '{candidate.Name}' may not take this call: {reason}."));
        }

        throw Exhausted();
    }

    /// <summary>Notes a candidate's failure; throws unless another candidate may try.</summary>
    public void Failed(RouteCandidate candidate, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is AttemptsExhaustedException several)
            (_failures ??= []).AddRange(several.Failures);
        else
            (_failures ??= []).Add(exception);
        if (cancellationToken.IsCancellationRequested || !MayFallBack(exception))
            throw Final(exception);
        if (IsLast)
            throw Exhausted();
        var reason = exception is AttemptRefusedException refused ? $"refused: {refused.Reason}" : $"failed: {exception.GetModelFailure()?.Kind}";
        _call.AddStep(new RouteStep("fallback", candidate.Name, reason));
        RouterTelemetry.Decided("fallback", candidate.Name);
    }

    /// <summary>Notes that a draft was not accepted.</summary>
    public void Escalated(RouteCandidate candidate)
    {
        _call.AddStep(new RouteStep("escalated", candidate.Name, "the draft was not accepted"));
        RouterTelemetry.Decided("escalated", candidate.Name);
        _tried = false;
    }

    private void Chosen(RouteCandidate candidate)
    {
        if (_tried)
            _call.Mark(AnswerMarks.Fallback);
        _tried = true;
        _call.AddStep(new RouteStep("chosen", candidate.Name, null));
        RouterTelemetry.Decided("chosen", candidate.Name);
    }

    private string? Gate(RouteCandidate candidate) =>
        !_policy.Allows(_call.Tenant, candidate.Name) ? "the tenant may not use it"
        : ModelGates.Check(_call, _options, candidate.Model.For(_call), _request);

    private bool MayFallBack(Exception exception)
    {
        if (_options is LlmCallOptions { AllowFallback: false })
            return exception is AttemptRefusedException { Reason: RefusalReason.Gate };
        if (exception is AttemptRefusedException)
            return true;
        // State that one provider holds means nothing to another.
        if (_request.State is not null)
            return false;
        return exception is AttemptsExhaustedException several
            ? several.Failures.All(MayFallBack)
            : exception.GetModelFailure() is { } failure && _policy.FallbackOn.Contains(failure.Kind);
    }

    /// <summary>One failure passes as it is; several travel together, the first one inside. Refusals alone are not attempts: the first one speaks.</summary>
    private Exception Exhausted() => Final(_failures![0]);

    private Exception Final(Exception exception)
    {
        var failures = _failures!;
        if (failures.Count == 1 || failures.TrueForAll(failure => failure is AttemptRefusedException))
        {
            ExceptionDispatchInfo.Throw(failures[0]);
            return exception;
        }

        return new AttemptsExhaustedException(failures);
    }
}
