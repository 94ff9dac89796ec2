using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using LlmKit.Calls;
using LlmKit.Control.Variability.Sampling;
using LlmKit.Internal;
using LlmKit.Models;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.Variability;

/// <summary>Keeps answers from varying more than their feature declares.</summary>
/// <remarks>Thread-safe. Belongs inside the cache, which keeps the one answer, and outside the router. The calls of free features pass untouched.</remarks>
public sealed class VariabilityChatClient : StageChatClient
{
    private readonly StageSettings<VariabilityPlan> _plan;
    private readonly ConcurrentDictionary<string, bool> _pinned = new(StringComparer.Ordinal);

    internal VariabilityChatClient(IChatClient innerClient, StageSettings<VariabilityPlan> plan, CallSetup alone) : base(innerClient, alone) => _plan = plan;

    /// <summary>Gets the declarations now in force.</summary>
    internal VariabilityPlan Plan => _plan.Current;

    /// <summary>Gets the pipeline's snapshot now in force; <see langword="null"/> for a stage that stands alone.</summary>
    internal CallSetup? Snapshot => _plan.Snapshot;

    /// <summary>Pins a feature, or lets it go again.</summary>
    internal void Pin(string feature, bool isPinned)
    {
        if (isPinned)
            _pinned[feature] = true;
        else
            _pinned.TryRemove(feature, out _);
    }

    internal bool IsPinned(string feature) => _pinned.ContainsKey(feature);

    internal override ValueTask<ChatResponse> RespondAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    {
        var plan = _plan.For(call);
        return RuleOf(plan, call) switch
        {
            ReproducibleFeature declared => InnerClient.AskAsync(messages, Reproducible(plan, declared, options, call), call, cancellationToken),
            ConsistentFeature declared => Consistent(declared, messages, options, call).AnswerAsync(cancellationToken),
            _ => InnerClient.AskAsync(messages, options, call, cancellationToken),
        };
    }

    internal override IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    {
        var plan = _plan.For(call);
        return RuleOf(plan, call) switch
        {
            ReproducibleFeature declared => InnerClient.GetStreamingResponseAsync(messages, Reproducible(plan, declared, options, call), cancellationToken),
            ConsistentFeature declared => StreamAsync(Consistent(declared, messages, options, call), cancellationToken),
            _ => InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken),
        };
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(ConsistentAnswer answer, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var response = await answer.AnswerAsync(cancellationToken).ConfigureAwait(false);
        foreach (var update in response.ToChatResponseUpdates())
            yield return update;
    }

    /// <summary>Gives what holds for a call; only recorded while the stage observes.</summary>
    private FeatureVariability RuleOf(VariabilityPlan plan, LlmCall call)
    {
        var declared = plan.RuleOf(call.Feature);
        if (!_pinned.IsEmpty && call.Feature is { } feature && IsPinned(feature) && plan.PinOf(feature) is { } pin)
            declared = pin;
        if (!plan.Observe || declared == FeatureVariability.Free)
            return declared;
        Record(call, new(declared is ReproducibleFeature ? "pinned" : "agreed", declared.Word, "nothing was done") { Observed = true });
        return FeatureVariability.Free;
    }

    private ConsistentAnswer Consistent(ConsistentFeature declared, IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call) =>
        new(InnerClient, declared, messages, options, call);

    /// <summary>Gives options that leave as little to chance as can be set.</summary>
    private ChatOptions Reproducible(VariabilityPlan plan, ReproducibleFeature declared, ChatOptions options, LlmCall call)
    {
        var model = plan.ModelOf(declared);
        if (((options as LlmCallOptions)?.Model ?? options.ModelId) is { } forced && FactsOf(call, model)?.Answers(forced) != true)
        {
            Record(call, new("not-pinned", declared.Word, $"the call asks for the model '{forced}'"));
            return options;
        }

        var own = options.CloneApart();
        own.Temperature = declared.Temperature ?? own.Temperature;
        own.Seed = declared.Seed ?? own.Seed;
        StageSampling.Note(own, declared.Sampling);
        if (own is LlmCallOptions ours)
            (ours.Model, ours.AllowFallback) = (model, false);
        else
            own.ModelId = model;
        Record(call, new("pinned", declared.Word, Described(declared, FactsOf(call, model), own)));
        return own;
    }

    private Model? FactsOf(LlmCall call, string? model) =>
        model is null || _plan.SnapshotFor(call) is not { } snapshot ? null : Array.Find(snapshot.Slots, slot => slot is Model facts && facts.Name == model) as Model;

    private static string Described(ReproducibleFeature declared, Model? model, ChatOptions options)
    {
        var alias = model is not null && VariabilityPlan.IsAlias(declared, model) ? "asked for by an alias, " : "";
        return string.Create(CultureInfo.InvariantCulture, $"{alias}asked for with temperature {options.Temperature?.ToString(CultureInfo.InvariantCulture) ?? "open"}, seed {options.Seed?.ToString(CultureInfo.InvariantCulture) ?? "open"}; no provider promises that another answer will be the same");
    }

    private static void Record(LlmCall call, VariabilityStep step)
    {
        call.AddStep(step);
        VariabilityTelemetry.Decided(step);
    }
}
