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

    public Activity? Start(RequestModel model, EmbeddingGenerationOptions? options, DateTimeOffset now)
    {
        var span = LlmKitDiagnostics.ActivitySource.StartActivity(
            model.SpanName, _policy.SpanKind, parentContext: default, model.StartTags, links: null, now);
        if (span is not { IsAllDataRequested: true })
            return span;
        if ((options?.Dimensions ?? _dimensions) is { } dimensions)
            span.AddTag(_names.EmbeddingsDimensionCount, dimensions);
        if (options?.AdditionalProperties is { } properties && KnownProperty.Text(properties, "encoding_format") is { } format)
            span.AddTag(_names.RequestEncodingFormats, new[] { format });
        return span;
    }

    public void End(Activity? span, RequestModel model, string? answered, long? inputTokens, string? error, Exception? exception, TimeSpan duration)
    {
        if (span is { IsAllDataRequested: true })
            Complete(span, answered, inputTokens, error, exception);
        span?.SetEndTime(span.StartTimeUtc + duration);
        var tags = model.MetricTags(provider: null, string.IsNullOrEmpty(answered) ? null : _responseModels.Get(answered));
        if (inputTokens is { } tokens)
            _tokens.RecordInput(tokens, tags);
        _duration.Record(duration.TotalSeconds, error is null ? tags.All : tags.With(_names.ErrorType, error));
    }

    private void Complete(Activity span, string? answered, long? inputTokens, string? error, Exception? exception)
    {
        if (answered is not null)
            span.AddTag(_names.ResponseModel, answered);
        if (inputTokens is { } tokens)
            span.AddTag(_names.UsageInputTokens, tokens);
        if (error is null)
            return;
        if (error == "cancelled")
        {
            span.AddTag(LlmKitDiagnostics.OutcomeTag, error);
            return;
        }

        span.AddTag(_names.ErrorType, error);
        span.SetStatus(ActivityStatusCode.Error, _policy.Content?.Text(exception?.Message));
    }
}
