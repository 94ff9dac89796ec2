using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Tracing;

/// <summary>What one tracer needs for every call: the profile, its instruments and the bounded names. Thread-safe.</summary>
internal sealed class ChatObserver
{
    private readonly ModelNames _requestModels;
    private readonly CappedNames _responseModels;
    private readonly CappedNames _features;

    public ChatObserver(IChatClient client, int maxNames, ICallRecorder? recorder = null)
    {
        Recorder = recorder;
        var metadata = client.GetService<ChatClientMetadata>();
        Endpoint = ChatEndpoint.From(metadata);
        _responseModels = new(maxNames);
        _features = new(maxNames);
        _requestModels = new(Names, Endpoint, metadata?.DefaultModelId, new(maxNames));
    }

    /// <summary>Gets who takes whole calls down; <see langword="null"/> where nobody does.</summary>
    public ICallRecorder? Recorder { get; }

    public GenAiNames Names { get; } = GenAiNames.Version141;

    public ChatInstruments Instruments { get; } = ChatInstruments.Version141;

    public ChatEndpoint Endpoint { get; }

    /// <summary>Whether anybody listens, so that a call must be observed at all.</summary>
    public bool IsNeeded(LlmCall call)
    {
        var listened = Recorder is not null || LlmKitDiagnostics.ActivitySource.HasListeners()
            || (call.IsStreaming ? Instruments.StreamEnabled : Instruments.Enabled);
        return listened && !call.IsReported;
    }

    public RequestModel RequestModel(string? model) => _requestModels.Find(model);

    public string? ResponseModel(string? model) => string.IsNullOrEmpty(model) ? null : _responseModels.Get(model);

    public string? Feature(string? feature) => feature is null ? null : _features.Get(feature);
}
