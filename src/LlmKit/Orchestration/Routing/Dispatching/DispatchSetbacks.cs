using System.Runtime.ExceptionServices;
using LlmKit.Calls;
using LlmKit.Models;
using Microsoft.Extensions.AI;

namespace LlmKit.Orchestration.Routing.Dispatching;

/// <summary>What went wrong, or otherwise than straight, on the way through the candidates. It is made with the first setback, so that a call which goes well does not carry it.</summary>
internal sealed class DispatchSetbacks
{
    private readonly List<Exception> _failures = [];

    /// <summary>Gets or sets the refusal by a gate that came first; it speaks when nothing else does.</summary>
    public AttemptRefusedException? FirstSkip { get; set; }

    /// <summary>Gets or sets the refusal of code that declined; it speaks when there is nothing at all besides.</summary>
    public AttemptRefusedException? Declined { get; set; }

    /// <summary>Gets or sets an answer that the provider filtered and that was put aside: it is the answer if nobody else gives one.</summary>
    public ChatResponse? Filtered { get; set; }

    /// <summary>Gets or sets why the candidates that are left come from a list for a kind of failure; <see langword="null"/> while they do not.</summary>
    public string? TurnedBy { get; set; }

    /// <summary>Gets the candidates that the request has been to, where lists for kinds of failure may name them again.</summary>
    public List<RouteCandidate> Taken => field ??= [];

    /// <summary>Gets the largest window, in tokens, that was too small for the request.</summary>
    public int Outgrown { get; private set; }

    /// <summary>Notes what a candidate ended with.</summary>
    public void Note(Exception exception, Model model)
    {
        if (exception is AttemptRefusedException { Reason: RefusalReason.Gate } skip)
        {
            FirstSkip ??= skip;
            return;
        }

        foreach (var failure in exception is AttemptsExhaustedException several ? several.Failures : [exception])
        {
            _failures.Add(failure);
            if (failure.GetModelFailure()?.Kind == ModelFailureKind.ContextLengthExceeded)
                Outgrown = Math.Max(Outgrown, model.ContextWindow ?? 0);
        }
    }

    /// <summary>What the caller gets: one failure passes as it is; several travel together, the first one inside; of refusals alone, the one that is over soonest speaks.</summary>
    public AttemptsExhaustedException Outcome()
    {
        var single = _failures.Count == 0 ? FirstSkip ?? Declined
            : _failures.Count == 1 ? _failures[0]
            : _failures.TrueForAll(failure => failure is AttemptRefusedException) ? _failures.MinBy(failure => ((AttemptRefusedException)failure).RetryAfter ?? TimeSpan.MaxValue)
            : null;
        if (single is not null)
            ExceptionDispatchInfo.Throw(single);
        return new AttemptsExhaustedException(_failures);
    }
}
