using LlmKit.Calls;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace LlmKit.Observability.Tracing;

/// <summary>What one tracer needs for every call: the profile, its instruments and the bounded names. Thread-safe.</summary>
internal sealed class ChatObserver
{
    private readonly ModelNames _requestModels;
    private readonly CappedNames _responseModels;
    private readonly CappedNames _features;

    public ChatObserver(IChatClient client, TracingPolicy policy, ILogger logger, ICallRecorder? recorder = null)
    {
        Recorder = recorder;
        var metadata = client.GetService<ChatClientMetadata>();
        Names = policy.Names;
        TellsSpans = policy.SpanMode == SpanMode.Full;
        Instruments = TellsSpans && !ForeignTracer.IsInside(client) ? ChatInstruments.Of(Names) : ChatInstruments.OnlyCost;
        Events = new(logger, Names);
        Endpoint = ChatEndpoint.From(metadata);
        _responseModels = new(policy.MaxModelNames);
        _features = new(policy.MaxModelNames);
        _requestModels = new(Names, Endpoint, metadata?.DefaultModelId, new(policy.MaxModelNames));
    }

    /// <summary>Gets who takes whole calls down; <see langword="null"/> where nobody does.</summary>
    public ICallRecorder? Recorder { get; }

    public GenAiNames Names { get; }

    public ChatInstruments Instruments { get; }

    public GenAiEvents Events { get; }

    /// <summary>Gets whether calls are told as spans and events, not to LlmKit's own store and metrics alone.</summary>
    public bool TellsSpans { get; }

    public ChatEndpoint Endpoint { get; }

    /// <summary>Whether anybody listens, so that a call must be observed at all.</summary>
    public bool IsNeeded(LlmCall call, StageSettings<TracingPolicy> settings)
    {
        var listened = Recorder is not null || (TellsSpans && LlmKitDiagnostics.ActivitySource.HasListeners())
            || (call.IsStreaming ? Instruments.StreamEnabled : Instruments.Enabled)
            || IsNeeded(settings.For(call));
        return listened && !call.IsReported;
    }

    // Whether it fails, or a guard says something, is known only in the end.
    private bool IsNeeded(TracingPolicy policy) => policy.Hook is not null || (TellsSpans && policy.EmitExceptions && Events.WantsFailures) || WantsDetails(policy);

    public bool WantsDetails(TracingPolicy policy) => TellsSpans && policy.EmitDetails && Events.WantsDetails;

    public RequestModel RequestModel(string? model) => _requestModels.Find(model);

    public string? ResponseModel(string? model) => string.IsNullOrEmpty(model) ? null : _responseModels.Get(model);

    public string? Feature(string? feature) => feature is null ? null : _features.Get(feature);
}
