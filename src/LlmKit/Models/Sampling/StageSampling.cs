using System.Globalization;
using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Models;

/// <summary>Tells what a stage has set of a request's sampling from what its caller has: a model that takes no such thing is not sent what a stage set.</summary>
/// <remarks>Decided at the model's door, for a pipeline inside or a model asked in another's place may take something else. What the caller set passes, and if the model refuses it, the caller sees that.</remarks>
internal static class StageSampling
{
    private const string PropertyKey = IdentityResolver.Prefix + "sampling";

    /// <summary>Notes on a request's own options what a stage has set on them.</summary>
    public static void Note(ChatOptions options, SamplingParameters set)
    {
        if (options is LlmCallOptions own)
            own.StageSampling |= set;
        else if ((set | Of(options)) is var all and not SamplingParameters.None)
            (options.AdditionalProperties ??= [])[PropertyKey] = all;
    }

    /// <summary>Gives what stages have set on a request.</summary>
    public static SamplingParameters Of(ChatOptions options) =>
        options is LlmCallOptions own ? own.StageSampling
        : options.AdditionalProperties?.TryGetValue(PropertyKey, out var set) == true && set is SamplingParameters all ? all
        : SamplingParameters.None;

    /// <summary>Takes off what is about to be sent to a model what a stage has set and the model does not take.</summary>
    public static void TakeOff(ChatOptions sent, SamplingParameters set, Model model)
    {
        var dropped = set & ~model.SamplingParameters;
        if (dropped.HasFlag(SamplingParameters.Temperature))
            sent.Temperature = null;
        if (dropped.HasFlag(SamplingParameters.Seed))
            sent.Seed = null;
    }

    /// <summary>Says what of what a stage has set was sent to a model, and what the model does not take; <see langword="null"/> where somebody has taken it all off on the way.</summary>
    public static CallStep? StepOf(ChatOptions sent, SamplingParameters set, Model model)
    {
        var dropped = set & ~model.SamplingParameters;
        var taken = string.Join(", ", Names(set & ~dropped, sent));
        var left = string.Join(", ", Names(dropped, sent: null));
        return dropped == SamplingParameters.None
            ? (taken.Length > 0 ? new("variability", "sent", $"{taken} sent") : null)
            : new("variability", "dropped", $"{(taken.Length > 0 ? $"{taken} sent; " : "")}{left} not taken by '{model.Name}'");
    }

    private static IEnumerable<string> Names(SamplingParameters some, ChatOptions? sent)
    {
        if (some.HasFlag(SamplingParameters.Temperature) && (sent is null || sent.Temperature is not null))
            yield return sent is null ? "temperature" : string.Create(CultureInfo.InvariantCulture, $"temperature {sent.Temperature}");
        if (some.HasFlag(SamplingParameters.Seed) && (sent is null || sent.Seed is not null))
            yield return sent is null ? "seed" : string.Create(CultureInfo.InvariantCulture, $"seed {sent.Seed}");
    }
}
