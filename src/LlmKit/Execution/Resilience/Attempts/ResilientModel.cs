using System.Collections.Concurrent;
using System.Globalization;
using LlmKit.Calls;
using LlmKit.Internal;
using LlmKit.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace LlmKit.Execution.Resilience;

/// <summary>What all attempts on one model share: its client, its circuit, its clock, and guards to use again.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ResilientModel(IChatClient client, string name, TimeProvider time, ILogger logger)
{
    private const int MostIdleGuards = 64;
    private readonly ConcurrentQueue<AttemptGuard> _idle = new();
    // Nearly always the last one is the next one too.
    private AttemptGuard? _last;

    public IChatClient Client => client;

    public string Name => name;

    public TimeProvider Time => time;

    public ShareBudget Retries { get; } = new(time);

    public ModelCircuit Circuit { get; } = new(name, time);

    /// <summary>Gets the client where it is an edge: that ends an attempt itself when its token is cancelled, so that nobody need wait on its behalf, and says when it sends.</summary>
    public ModelEdge? Edge { get; } = client as ModelEdge;

    /// <summary>Gets whether such a door stands behind somebody's decorator.</summary>
    public bool HasHiddenDoor { get; } = client is not ModelEdge && IModelFork.EdgesBelow(client).Exists(edge => edge is not null);

    /// <summary>Asks the circuit for an attempt.</summary>
    /// <returns>The refusal, or <see langword="null"/> when the attempt may be made.</returns>
    public AttemptRefusedException? Enter(LlmCall call, CircuitPolicy? policy, int attempt, out CircuitPermit permit)
    {
        permit = default;
        if (policy is null)
        {
            if (Circuit.SwitchOff())
                NoteChange(call, attempt, CircuitState.Closed, kind: null, policy);
            return null;
        }

        var entry = Circuit.Enter(policy);
        permit = entry.Permit;
        if (entry.Changed is { } state)
            NoteChange(call, attempt, state, kind: null, policy);
        if (!entry.IsRefused)
            return null;
        call.AddStep(new ResilienceStep("circuit-open", name, attempt, "the model failed too often") { Wait = entry.RetryAfter, Observed = policy.ObserveOnly });
        ResilienceTelemetry.Refused(name, policy.ObserveOnly);
        if (policy.ObserveOnly)
            return null;
        return new(
            RefusalReason.CircuitOpen,
            name,
            string.Create(CultureInfo.InvariantCulture, $"The circuit of the model '{name}' is open after too many failures. Come back in {entry.RetryAfter.TotalSeconds:0.###} seconds, or let a router try another model."))
        {
            RetryAfter = entry.RetryAfter,
        };
    }

    /// <summary>Tells the circuit how an attempt ended.</summary>
    public void Report(LlmCall call, CircuitPermit permit, CircuitPolicy? policy, int attempt, CircuitResult result, ModelFailureKind? kind)
    {
        if (policy is not null && Circuit.Report(permit, policy, result, kind) is { } state)
            NoteChange(call, attempt, state, kind, policy);
    }

    public AttemptGuard Rent() => Interlocked.Exchange(ref _last, null) ?? (_idle.TryDequeue(out var guard) ? guard : new(this));

    public bool TryKeep(AttemptGuard guard)
    {
        if (Interlocked.CompareExchange(ref _last, guard, null) is null)
            return true;
        if (_idle.Count >= MostIdleGuards)
            return false;
        _idle.Enqueue(guard);
        return true;
    }

    private void NoteChange(LlmCall call, int attempt, CircuitState state, ModelFailureKind? kind, CircuitPolicy? policy)
    {
        var isObserved = policy is { ObserveOnly: true };
        ResilienceTelemetry.Changed(logger, name, state, kind, isObserved);
        var decision = state switch
        {
            CircuitState.Open => "circuit-opened",
            CircuitState.HalfOpen => "circuit-half-opened",
            _ => "circuit-closed",
        };
        call.AddStep(new ResilienceStep(decision, name, attempt, kind is { } failed ? FailureNames.Of(failed) : null) { Kind = kind, Wait = state == CircuitState.Open ? policy!.BreakDuration : null, Observed = isObserved });
    }
}
