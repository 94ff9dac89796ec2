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
        var identity = IdentityResolver.Resolve(options, scope, setup.Identity);
        inside = CloneFor(options);
        var call = new LlmCall(setup, identity, streaming)
        {
            Tags = own?.Tags,
            Interaction = own?.Interaction ?? scope?.Interaction,
            TimeLimit = TimeLimitOf(setup, own?.Deadline),
            Options = own is null ? null : (LlmCallOptions)inside,
            OnCompleted = own?.OnCompleted,
        };
        Attach(inside, call);
        setup.Open?.Enter();
        return call;
    }

    /// <summary>Puts on an open call what its pipeline and its stages add to it. What fails here fails the call.</summary>
    public static void Begin(LlmCall call, CallSetup setup)
    {
        if (setup.Constraints.CostPerCall.HasValue || call.Options is { MaxCost: not null })
            call.AddSpendingHook(new CallCostHook(setup.Owner, MostCost(setup.Constraints.CostPerCall, call.Options?.MaxCost)));
        foreach (var opened in setup.OnOpened)
            opened(call);
    }

    private static ChatOptions CloneFor(ChatOptions? options)
    {
        if (options is LlmCallOptions own)
            return own.Clone() as LlmCallOptions ?? new LlmCallOptions(own);
        if (options is null || options.GetType() == typeof(ChatOptions))
            return new LlmCallOptions(options);
        var foreign = options.Clone();
        if (ReferenceEquals(foreign.AdditionalProperties, options.AdditionalProperties))
            foreign.AdditionalProperties = options.AdditionalProperties?.Clone();
        return foreign;
    }

    private static void Attach(ChatOptions inside, LlmCall call)
    {
        if (inside is LlmCallOptions own)
            own.Call = call;
        else
            (inside.AdditionalProperties ??= [])[LlmCall.PropertyKey] = call;
    }

    private static TimeSpan? TimeLimitOf(CallSetup setup, DateTimeOffset? deadline)
    {
        if (deadline is not { } moment)
            return setup.Constraints.Latency;
        var left = moment - setup.Time.GetUtcNow();
        if (left < TimeSpan.Zero)
            left = TimeSpan.Zero;
        return setup.Constraints.Latency is { } latency && latency < left ? latency : left;
    }

    private static Money MostCost(decimal? declared, decimal? asked) =>
        Money.FromUsd(Math.Min(declared ?? decimal.MaxValue, asked ?? decimal.MaxValue));
}
