using System.Collections.Concurrent;

namespace LlmKit.Observability.Tracing;

/// <summary>The models asked for through one tracer, each prepared once; beyond the cap they are made anew and counted together.</summary>
internal sealed class ModelNames(GenAiNames names, ChatEndpoint endpoint, string? defaultModel, CappedNames capped, string? operation = null)
{
    private readonly ConcurrentDictionary<string, RequestModel> _models = new(StringComparer.Ordinal);
    private readonly RequestModel _default = new(names, endpoint, defaultModel, defaultModel is null ? null : capped.Get(defaultModel), operation);

    private RequestModel? _last;

    public RequestModel Find(string? model)
    {
        if (string.IsNullOrEmpty(model))
            return _default;
        // One call after the other asks for the same model.
        if (_last is { } last && last.Name == model)
            return last;
        if (_models.TryGetValue(model, out var known))
            return _last = known;
        var metricName = capped.Get(model);
        var found = new RequestModel(names, endpoint, model, metricName, operation);
        return ReferenceEquals(metricName, CappedNames.Other) ? found : _models.GetOrAdd(model, found);
    }
}
