using LlmKit.Internal;
using LlmKit.Models;
using Microsoft.Extensions.AI;

namespace LlmKit.Calls;

/// <summary>Opens a call on a clone of the caller's options.</summary>
internal static class CallOpener
{
    /// <param name="setup">The pipeline's snapshot.</param>
    /// <param name="options">The caller's options; they are not changed.</param>
    /// <param name="scope">The ambient scope when the method was called.</param>
    /// <param name="streaming">Whether a stream was asked for.</param>
    /// <param name="inside">The options to pass inward, with the call on them.</param>
    public static LlmCall Open(CallSetup setup, ChatOptions? options, LlmScope? scope, bool streaming, out ChatOptions inside)
    {
        var own = options as LlmCallOptions;
        var identity = IdentityResolver.Resolve(own, options?.AdditionalProperties, scope, setup.Identity);
        var constraints = setup.Constraints.For(identity.Feature);
        var ours = Ours(options, own);
        var call = new LlmCall(setup, identity, streaming)
        {
            Interaction = own?.Interaction ?? scope?.Interaction,
            TimeLimit = own?.Deadline is { } deadline ? TimeLimitOf(setup, constraints, deadline) : constraints.Latency,
            Terms = own is null ? CallTerms.None : own.Terms,
        };
        if (ours is not null)
            ours.Call = call;
        inside = ours ?? Foreign(options!, call);
        setup.Open?.Enter();
        return call;
    }

    /// <summary>Puts on an open call what its pipeline and its stages add to it. What fails here fails the call.</summary>
    public static void Begin(LlmCall call, CallSetup setup)
    {
        if (setup.Constraints.LimitCost || call.Terms.MaxCost.HasValue)
            LimitCost(call, setup);
        // Stages that take part from the start want to know when that was: now it takes one look at a clock, and later two.
        if (setup.OnOpened.Length > 0)
            call.NoteStartedAt(ago: TimeSpan.Zero);
        foreach (var opened in setup.OnOpened)
            opened(call);
    }

    private static void LimitCost(LlmCall call, CallSetup setup)
    {
        var declared = setup.Constraints.For(call.Feature);
        // A call that belongs to no interaction is one by itself.
        var most = call.Interaction is null && !(declared.CostPerCall <= declared.CostPerInteraction) ? declared.CostPerInteraction ?? declared.CostPerCall : declared.CostPerCall;
        if (most.HasValue || call.Terms.MaxCost.HasValue)
            call.AddSpendingHook(new CallCostHook(setup.Owner, MostCost(most, call.Terms.MaxCost)));
    }

    /// <summary>Begins a call that was opened: its interaction lets it in, then its pipeline takes it.</summary>
    public static void Begin(LlmCall call, CallSetup setup, ChatOptions inside)
    {
        call.Interaction?.Enter(call, inside, setup.Constraints.For(call.Feature).CostPerInteraction);
        Begin(call, setup);
    }

    /// <summary>Clones options into ours, which have a place for the call.</summary>
    /// <returns><see langword="null"/> for a class of somebody else's, whose members a copy of ours would lose.</returns>
    private static LlmCallOptions? Ours(ChatOptions? options, LlmCallOptions? own)
    {
        if (own is not null)
            return own.GetType() == typeof(LlmCallOptions) ? new(own) : own.Clone() as LlmCallOptions ?? new(own);
        return options is null || options.GetType() == typeof(ChatOptions) ? new(options) : null;
    }

    private static ChatOptions Foreign(ChatOptions options, LlmCall call)
    {
        var clone = options.CloneApart();
        (clone.AdditionalProperties ??= [])[LlmCall.PropertyKey] = call;
        return clone;
    }

    private static TimeSpan TimeLimitOf(CallSetup setup, LlmConstraints constraints, DateTimeOffset deadline)
    {
        var left = deadline - setup.Time.GetUtcNow();
        if (left < TimeSpan.Zero)
            left = TimeSpan.Zero;
        return constraints.Latency is { } latency && latency < left ? latency : left;
    }

    private static Money MostCost(decimal? declared, decimal? asked) =>
        Money.FromUsd(Math.Min(declared ?? decimal.MaxValue, asked ?? decimal.MaxValue));
}
