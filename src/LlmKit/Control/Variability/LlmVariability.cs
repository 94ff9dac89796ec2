using System.Collections.Concurrent;
using LlmKit.Control.Variability;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LlmKit;

/// <summary>Measures how much the features of pipelines vary, and says when it is more than is declared: resolve it from the services.</summary>
/// <remarks>Thread-safe. It runs when it is told to, such as nightly or before a release; nothing is measured by itself.</remarks>
/// <param name="services">The application's services, which have the pipelines.</param>
public sealed class LlmVariability(IServiceProvider services)
{
    private readonly ConcurrentDictionary<string, VariabilityChatClient> _stages = new(StringComparer.Ordinal);

    /// <summary>Asks a sample of a feature's requests several times through its pipeline, and holds what comes to <see cref="LlmConstraints.Disagreement"/>.</summary>
    /// <remarks>
    /// Where more is shown than is declared, a warning is logged, <c>llmkit.variability.alarms</c> counts it, and the feature is pinned where
    /// <see cref="VariabilityOptions.PinWhenExceeded"/> says so. The result stands on the <see cref="LlmConstraintSheet"/> of a feature with constraints of its own. A pin lives in this process and ends with it.
    /// </remarks>
    /// <param name="feature">The feature (call site).</param>
    /// <param name="requests">The requests, each a conversation.</param>
    /// <param name="options">How it asks.</param>
    /// <param name="pipeline">The pipeline's key; <see langword="null"/> for the unnamed one.</param>
    /// <param name="cancellationToken">Ends the probe.</param>
    /// <returns>The report, with its verdict.</returns>
    /// <exception cref="ArgumentException">The pipeline has no <c>UseVariability</c>.</exception>
    /// <exception cref="LlmConfigurationException">The options are wrong.</exception>
    public async Task<StabilityReport> ProbeAsync(
        string feature, IEnumerable<IEnumerable<ChatMessage>> requests, StabilityProbeOptions? options = null, string? pipeline = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(feature);
        var client = pipeline is null ? services.GetRequiredService<IChatClient>() : services.GetRequiredKeyedService<IChatClient>(pipeline);
        var stage = StageOf(pipeline);
        var asking = options ?? new();
        var probe = new StabilityProbeOptions
        {
            Repeats = asking.Repeats,
            Value = asking.Value ?? (stage.Plan.RuleOf(feature) as ConsistentFeature)?.Value,
            MostAtOnce = asking.MostAtOnce,
            Options = new LlmCallOptions(asking.Options) { Feature = feature },
        };
        return Take(stage, feature, await StabilityProbe.RunAsync(client, requests, probe, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Gets whether a feature is pinned because it was shown to vary more than it may.</summary>
    /// <param name="feature">The feature (call site).</param>
    /// <param name="pipeline">The pipeline's key; <see langword="null"/> for the unnamed one.</param>
    /// <returns>Whether it is.</returns>
    /// <exception cref="ArgumentException">The pipeline has no <c>UseVariability</c>, or is not built yet.</exception>
    public bool IsPinned(string feature, string? pipeline = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(feature);
        return StageOf(pipeline).IsPinned(feature);
    }

    /// <summary>Lets a feature that was pinned vary again as it is declared to.</summary>
    /// <param name="feature">The feature (call site).</param>
    /// <param name="pipeline">The pipeline's key; <see langword="null"/> for the unnamed one.</param>
    /// <exception cref="ArgumentException">The pipeline has no <c>UseVariability</c>, or is not built yet.</exception>
    public void Unpin(string feature, string? pipeline = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(feature);
        StageOf(pipeline).Pin(feature, isPinned: false);
    }

    /// <summary>Takes a pipeline's stage into its care.</summary>
    internal void Add(string pipeline, VariabilityChatClient stage) => _stages[pipeline] = stage;

    private static StabilityReport Take(VariabilityChatClient stage, string feature, StabilityReport report)
    {
        if (stage.Snapshot is not { } snapshot)
            return report;
        var declared = snapshot.Constraints.For(feature).Disagreement;
        report = report with { Verdict = report.VerdictUnder(declared) };
        if (snapshot.Constraints.NameOf(feature) is { } name && report.Measured(snapshot.Time.GetUtcNow()) is { } measured)
            snapshot.Promises?.Add(name, measured);
        if (report.Verdict != ToleranceVerdict.Exceeded)
            return report;
        var isPinned = stage.Plan.PinOf(feature) is not null;
        stage.Pin(feature, isPinned);
        VariabilityTelemetry.Exceeded(snapshot.Logger, snapshot.Pipeline, feature, report.Disagreement!.Value.Value, declared!.Value, isPinned);
        return report;
    }

    private VariabilityChatClient StageOf(string? pipeline) => _stages.TryGetValue(pipeline ?? "Default", out var stage)
        ? stage
        : throw new ArgumentException($"The pipeline '{pipeline ?? "Default"}' has no UseVariability, or is not built yet. Add the stage, and resolve the pipeline's IChatClient first.", nameof(pipeline));
}
