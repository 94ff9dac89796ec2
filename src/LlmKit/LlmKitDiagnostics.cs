using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace LlmKit;

/// <summary>The names under which LlmKit reports: add the source and the meter to OpenTelemetry, query by the tags.</summary>
/// <remarks>Names and numbers only: no tag named here ever holds a text of the conversation.</remarks>
public static class LlmKitDiagnostics
{
    /// <summary>The name of the activity source.</summary>
    public const string ActivitySourceName = "LlmKit";

    /// <summary>The name of the meter.</summary>
    public const string MeterName = "LlmKit";

    /// <summary>The tag with the pipeline's name.</summary>
    public const string PipelineTag = "llmkit.pipeline";

    /// <summary>The tag with the call site.</summary>
    public const string FeatureTag = "llmkit.feature";

    /// <summary>The tag with the customer organisation; on spans only, and only where asked for.</summary>
    public const string TenantTag = "llmkit.tenant";

    /// <summary>The tag with the person or account; on spans only, and only where asked for.</summary>
    public const string UserTag = "llmkit.user";

    /// <summary>The tag with the call's id.</summary>
    public const string CallIdTag = "llmkit.call.id";

    /// <summary>The tag with the id under which the trace store keeps the call; only where <c>WithTraces()</c> records it.</summary>
    public const string TraceRefTag = "llmkit.trace.ref";

    /// <summary>The tag with what a child call or an attempt was for when it was not the answer itself, such as <c>judge</c>.</summary>
    public const string PurposeTag = "llmkit.purpose";

    /// <summary>The tag with the interaction's id.</summary>
    public const string InteractionIdTag = "llmkit.interaction.id";

    /// <summary>The tag with the registered model's name.</summary>
    public const string ModelTag = "llmkit.model";

    /// <summary>The tag with the cost of all attempts of the call, a number in the currency of <see cref="CostCurrencyTag"/>; absent when any is unpriced.</summary>
    public const string CostTotalTag = "llmkit.usage.cost.total";

    /// <summary>The tag with the part of the cost that input made which no provider's cache held, in the same currency.</summary>
    public const string CostInputTag = "llmkit.usage.cost.input";

    /// <summary>The tag with the part of the cost that input from providers' caches made; absent when there was none.</summary>
    public const string CostCachedInputTag = "llmkit.usage.cost.cached_input";

    /// <summary>The tag with the part of the cost that output made, reasoning included.</summary>
    public const string CostOutputTag = "llmkit.usage.cost.output";

    /// <summary>The tag with who reckoned the cost: <c>local</c>, for LlmKit by its prices.</summary>
    public const string CostSourceTag = "llmkit.usage.cost.source";

    /// <summary>The tag with the version of the price, see <see cref="ModelPrice.Version"/>; of several prices, all with commas between them.</summary>
    public const string CostPriceVersionTag = "llmkit.usage.cost.price_version";

    /// <summary>The tag with the currency of the cost, ISO 4217.</summary>
    public const string CostCurrencyTag = "llmkit.usage.cost.currency";

    /// <summary>The tag that is <see langword="true"/> when the answer came from a cache; absent otherwise.</summary>
    public const string CacheHitTag = "llmkit.cache.hit";

    /// <summary>The tag that is <see langword="true"/> when an answer came from a cassette; absent otherwise. Also in the answer's additional properties.</summary>
    public const string ReplayTag = "llmkit.replay";

    /// <summary>The tag with the number of attempts that had ended when the call did; absent when there were none.</summary>
    public const string AttemptsTag = "llmkit.attempts";

    /// <summary>The tag with the number of attempts not settled when the call ended, whose cost is not in the total; absent when there were none.</summary>
    public const string PendingAttemptsTag = "llmkit.attempts.pending";

    /// <summary>The tag that tells ends which are neither success nor failure: <c>cancelled</c> or <c>abandoned</c>.</summary>
    public const string OutcomeTag = "llmkit.outcome";

    /// <summary>The tag that is <see langword="true"/> when a stream ended without a finish reason.</summary>
    public const string FinishReasonMissingTag = "llmkit.finish_reason.missing";

    /// <summary>The tag with why a stage decided as it did, on the event of a step.</summary>
    public const string ReasonTag = "llmkit.reason";

    /// <summary>The tag that is <see langword="true"/> on the event of a step that was only recorded.</summary>
    public const string ObservedTag = "llmkit.observed";

    /// <summary>The tag with an attempt's input tokens.</summary>
    public const string AttemptInputTokensTag = "llmkit.attempt.input_tokens";

    /// <summary>The tag with an attempt's output tokens.</summary>
    public const string AttemptOutputTokensTag = "llmkit.attempt.output_tokens";

    /// <summary>The tag that is <see langword="true"/> when an attempt's tokens were estimated.</summary>
    public const string AttemptEstimatedTag = "llmkit.attempt.estimated";

    /// <summary>The tag with an attempt's cost in USD; absent when its model has no price.</summary>
    public const string AttemptCostTag = "llmkit.attempt.cost";

    /// <summary>The tag with the HTTP status of a failed attempt.</summary>
    public const string AttemptStatusTag = "llmkit.attempt.status";

    /// <summary>The tag with the number of documents that a retrieval found.</summary>
    public const string RetrievalDocumentCountTag = "llmkit.retrieval.document.count";

    /// <summary>The counter of calls that used tokens whose price is not known.</summary>
    public const string CostUnknownMetric = "llmkit.usage.cost.unknown";

    /// <summary>The histogram of what calls cost, in USD.</summary>
    public const string CallCostMetric = "llmkit.call.cost";

    internal static readonly ActivitySource ActivitySource = new(ActivitySourceName);

    internal static readonly Meter Meter = new(MeterName);
}
