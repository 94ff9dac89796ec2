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
        var call = new LlmCall(setup, identity, streaming)
        {
            Tags = own?.Tags ?? System.Collections.Immutable.ImmutableDictionary<string, string>.Empty,
            Interaction = own?.Interaction ?? scope?.Interaction,
            TimeLimit = TimeLimitOf(setup, own?.Deadline),
            Options = own,
        };
        inside = Attach(options, call);
        if (MostCost(setup.Constraints.CostPerCall, own?.MaxCost) is { } most)
            call.AddSpendingHook(new CallCostHook(Models.Money.FromUsd(most)));
        foreach (var opened in setup.OnOpened)
            opened(call);
        return call;
    }

    private static ChatOptions Attach(ChatOptions? options, LlmCall call)
    {
        if (options is null or LlmCallOptions || options.GetType() == typeof(ChatOptions))
        {
            var clone = options is LlmCallOptions own ? (LlmCallOptions)own.Clone() : new LlmCallOptions(options);
            clone.Call = call;
            return clone;
        }

        var foreign = options.Clone();
        (foreign.AdditionalProperties ??= [])[LlmCall.PropertyKey] = call;
        return foreign;
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

    private static decimal? MostCost(decimal? declared, decimal? asked) =>
        asked is null ? declared : declared is null ? asked : Math.Min(asked.Value, declared.Value);
}
