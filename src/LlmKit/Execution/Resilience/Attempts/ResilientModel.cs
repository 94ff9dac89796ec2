using System.Collections.Concurrent;
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

    public IChatClient Client => client;

    public string Name => name;

    public TimeProvider Time => time;

    public ShareBudget Retries { get; } = new(time);

    public ModelCircuit Circuit { get; } = new(name, time);

    /// <summary>Gets the client where it is an edge: that ends an attempt itself when its token is cancelled, so that nobody need wait on its behalf, and says when it sends.</summary>
    public ModelEdge? Edge { get; } = client as ModelEdge;

    /// <summary>Asks the circuit for an attempt.</summary>
    /// <returns>The refusal, or <see langword="null"/> when the attempt may be made.</returns>
    public AttemptRefusedException? Enter(LlmCall call, CircuitPolicy? policy, int attempt, out CircuitPermit permit)
    {
        permit = default;
        if (policy is null)
            return null;
        var entry = Circuit.Enter(policy);
        permit = entry.Permit;
        if (entry.Changed is { } state)
            ResilienceTelemetry.Changed(logger, name, state, reason: null);
        if (!entry.IsRefused)
            return null;
        call.AddStep(new ResilienceStep("circuit-open", name, attempt) { Wait = entry.RetryAfter, Observed = policy.ObserveOnly });
        if (policy.ObserveOnly)
            return null;
        ResilienceTelemetry.Refused(name);
        return new(
            RefusalReason.CircuitOpen,
            name,
            $"The circuit of the model '{name}' is open after too many failures. Come back in {entry.RetryAfter.TotalSeconds:0.###} seconds, or let a router try another model.")
        {
            RetryAfter = entry.RetryAfter,
        };
    }

    /// <summary>Tells the circuit how an attempt ended.</summary>
    public void Report(LlmCall call, CircuitPermit permit, CircuitPolicy? policy, int attempt, CircuitResult result, ModelFailureKind? kind)
    {
        if (policy is null || Circuit.Report(permit, policy, result, kind) is not { } state)
            return;
        ResilienceTelemetry.Changed(logger, name, state, kind);
        if (state == CircuitState.Open)
            call.AddStep(new ResilienceStep("circuit-opened", name, attempt) { Kind = kind, Wait = policy.BreakDuration, Observed = policy.ObserveOnly });
    }

    public AttemptGuard Rent() => _idle.TryDequeue(out var guard) ? guard : new(this);

    public bool TryKeep(AttemptGuard guard)
    {
        if (_idle.Count >= MostIdleGuards)
            return false;
        _idle.Enqueue(guard);
        return true;
    }
}
