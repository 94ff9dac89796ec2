using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Tracing;

/// <summary>What one traced generator of embeddings needs for every request: names, endpoint, instruments. Thread-safe.</summary>
internal sealed class EmbeddingObserver
{
    private readonly GenAiNames _names;
    private readonly TracingPolicy _policy;
    private readonly ChatEndpoint _endpoint;
    private readonly ModelNames _models;
    private readonly CappedNames _responseModels;
    private readonly int? _dimensions;
    private readonly Histogram<double> _duration;
    private readonly TokenInstruments _tokens;

    public EmbeddingObserver(EmbeddingGeneratorMetadata? metadata, TracingPolicy policy)
    {
        _policy = policy;
        _names = policy.Names;
        _endpoint = ChatEndpoint.From(metadata?.ProviderName, metadata?.ProviderUri);
        _models = new(_names, _endpoint, metadata?.DefaultModelId, new(policy.MaxModelNames), _names.EmbeddingsOperation);
        _responseModels = new(policy.MaxModelNames);
        _dimensions = metadata?.DefaultModelDimensions;
        _duration = ChatInstruments.Of(_names).EmbeddingsDuration!;
        _tokens = ChatInstruments.Of(_names).Tokens!;
    }

    public bool IsNeeded => _policy.SpanMode == SpanMode.Full
        && (LlmKitDiagnostics.ActivitySource.HasListeners() || _duration.Enabled || _tokens.Enabled);

    public RequestModel Find(string? model) => _models.Find(model);

    /// <summary>Starts the span of a request. Whatever a listener does here and at the end, the request goes on.</summary>
    public Activity? Start(RequestModel model, EmbeddingGenerationOptions? options, DateTimeOffset now)
    {
        var span = GuardedSpan.Start(model.SpanName, _policy.SpanKind, model.StartTags, now);
        if (span is not { IsAllDataRequested: true })
            return span;
        if ((options?.Dimensions ?? _dimensions) is { } dimensions)
            span.AddTag(_names.EmbeddingsDimensionCount, dimensions);
        if (options?.AdditionalProperties is { } properties && KnownProperty.Text(properties, "encoding_format") is { } format)
            span.AddTag(_names.RequestEncodingFormats, new[] { format });
        return span;
    }

    public void End(Activity? span, RequestModel model, in EmbeddingOutcome outcome, TimeSpan duration)
    {
        try
        {
            if (span is { IsAllDataRequested: true })
                Complete(span, outcome);
            Record(model, outcome, duration);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A listener is anybody's code; there is no log here to tell it.
        }

        span?.SetEndTime(span.StartTimeUtc + duration);
        GuardedSpan.Stop(span);
    }

    private void Record(RequestModel model, in EmbeddingOutcome outcome, TimeSpan duration)
    {
        var tags = model.MetricTags(provider: null, string.IsNullOrEmpty(outcome.Model) ? null : _responseModels.Get(outcome.Model));
        if (outcome.InputTokens is { } tokens)
            _tokens.RecordInput(tokens, tags);
        _duration.Record(duration.TotalSeconds, outcome.ErrorType is null ? tags.All : tags.With(_names.ErrorType, outcome.ErrorType));
    }

    private void Complete(Activity span, in EmbeddingOutcome outcome)
    {
        if (outcome.Model is not null)
            span.AddTag(_names.ResponseModel, outcome.Model);
        if (outcome.InputTokens is { } tokens)
            span.AddTag(_names.UsageInputTokens, tokens);
        if (outcome.IsReplayed)
            span.AddTag(LlmKitDiagnostics.ReplayTag, true);
        if (outcome.ErrorType == EmbeddingOutcome.Cancelled)
        {
            span.AddTag(LlmKitDiagnostics.OutcomeTag, outcome.ErrorType);
        }
        else if (outcome.ErrorType is not null)
        {
            span.AddTag(_names.ErrorType, outcome.ErrorType);
            span.SetStatus(ActivityStatusCode.Error, _policy.Content?.Text(outcome.Error?.Message));
        }
    }
}
