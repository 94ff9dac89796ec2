using System.Diagnostics.Metrics;
using LlmKit.Internal.Statistics;
using Microsoft.Extensions.Logging;

namespace LlmKit.Control.Caching;

/// <summary>What the cache counts and logs: never a text of the conversation, nor an exception's message, which may echo one.</summary>
internal static partial class CachingTelemetry
{
    private static readonly Counter<long> s_lookups = LlmKitDiagnostics.Meter.CreateCounter<long>(
        "llmkit.cache.lookups", "{lookup}", "Look-ups in the cache by the last tier asked and their outcome: hit, joined, miss, bypass, or observed for a hit that was not served.");

    private static readonly Counter<long> s_evictions = LlmKitDiagnostics.Meter.CreateCounter<long>(
        "llmkit.cache.evictions", "{entry}", "Answers dropped from the cache, by reason: expired, entries, bytes, writer, invalidated, rejected or cleared.");

    private static readonly Counter<double> s_saved = LlmKitDiagnostics.Meter.CreateCounter<double>(
        "llmkit.cache.saved", "USD", "What answers from the cache had cost when they were made, by tier.");

    private static readonly Counter<long> s_checks = LlmKitDiagnostics.Meter.CreateCounter<long>(
        "llmkit.cache.shadow_checks", "{check}", "Hits that were checked against a fresh answer, by outcome: agrees, differs or undecided.");

    private static readonly Counter<long> s_feedback = LlmKitDiagnostics.Meter.CreateCounter<long>(
        "llmkit.cache.feedback", "{score}", "What users said about answers that the cache gave or kept, by outcome: good or bad.");

    private static readonly Gauge<double> s_wrongHits = LlmKitDiagnostics.Meter.CreateGauge<double>(
        "llmkit.cache.wrong_hit_rate", "1", "Wrong hits to a checked hit, by pipeline and bound: value, lower and upper of the 95 % interval.");

    private static readonly Gauge<double> s_threshold = LlmKitDiagnostics.Meter.CreateGauge<double>(
        "llmkit.cache.threshold", "1", "The least similarity in force after the last check, by pipeline; above 1 only equal requests hit.");

    public static string NameOf(CacheTier tier) => tier switch
    {
        CacheTier.Exact => "exact",
        CacheTier.Normalised => "normalised",
        CacheTier.Semantic => "semantic",
        _ => "none",
    };

    public static void CountLookup(CacheTier tier, string outcome) => s_lookups.Add(1, new("tier", NameOf(tier)), new("outcome", outcome));

    public static void CountSaved(CacheTier tier, decimal usd) => s_saved.Add((double)usd, new KeyValuePair<string, object?>("tier", NameOf(tier)));

    public static void CountEviction(string reason) => s_evictions.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public static void CountCheck(AnswerAgreement agreement) => s_checks.Add(1, new KeyValuePair<string, object?>(
        "outcome", agreement switch { AnswerAgreement.Agrees => "agrees", AnswerAgreement.Differs => "differs", _ => "undecided" }));

    public static void CountFeedback(bool isBad) => s_feedback.Add(1, new KeyValuePair<string, object?>("outcome", isBad ? "bad" : "good"));

    public static void RecordQuality(string pipeline, (int Checked, int Wrong) checks, double threshold)
    {
        var (lower, upper) = BinomialInterval.TwoSided(checks.Wrong, checks.Checked, HitQuality.Confidence);
        RecordRate(pipeline, "value", (double)checks.Wrong / checks.Checked);
        RecordRate(pipeline, "lower", lower);
        RecordRate(pipeline, "upper", upper);
        s_threshold.Record(threshold, new KeyValuePair<string, object?>("pipeline", pipeline));
    }

    [LoggerMessage(201, LogLevel.Information, "The cache of the pipeline '{Pipeline}' has no embedding model: only equal requests hit. Add one with AddEmbeddings to serve similar ones.")]
    public static partial void ExactOnly(ILogger logger, string pipeline);

    [LoggerMessage(202, LogLevel.Warning, "The cache of the pipeline '{Pipeline}' has an embedding model and no threshold: similar requests are recorded and none is served. Calibrate one with SemanticCacheCalibration and set SemanticCacheOptions.MinSimilarity.")]
    public static partial void NoThreshold(ILogger logger, string pipeline);

    [LoggerMessage(204, LogLevel.Warning, "The cache of the pipeline '{Pipeline}' went on without an embedding: {Reason}.")]
    public static partial void NoEmbedding(ILogger logger, string pipeline, string reason);

    [LoggerMessage(205, LogLevel.Warning, "The cache of the pipeline '{Pipeline}' failed with {Error}; the call went on without it.")]
    public static partial void Failed(ILogger logger, string pipeline, string error);

    [LoggerMessage(206, LogLevel.Warning, "Too many of the checked hits of the cache of the pipeline '{Pipeline}' were wrong: the least similarity is {Threshold} from now on; above 1 only equal requests hit.")]
    public static partial void Tightened(ILogger logger, string pipeline, double threshold);

    [LoggerMessage(207, LogLevel.Warning, "A hit of the cache of the pipeline '{Pipeline}' could not be checked: {Error}.")]
    public static partial void CheckFailed(ILogger logger, string pipeline, string error);

    private static void RecordRate(string pipeline, string bound, double rate) => s_wrongHits.Record(rate, new("pipeline", pipeline), new("bound", bound));
}
