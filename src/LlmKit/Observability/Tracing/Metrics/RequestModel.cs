using System.Collections.Concurrent;

namespace LlmKit.Observability.Tracing;

/// <summary>A model that is asked for, with what every span and metric says of it prepared once. Thread-safe.</summary>
internal sealed class RequestModel
{
    private readonly GenAiNames _names;
    private readonly ChatEndpoint _endpoint;
    private readonly string _operation;
    private readonly ConcurrentDictionary<(string Provider, string? Answered), MetricTags> _tags = new();
    private LastTags? _last;

    public RequestModel(GenAiNames names, ChatEndpoint endpoint, string? name, string? metricName, string? operation = null)
    {
        _names = names;
        _endpoint = endpoint;
        _operation = operation ?? names.ChatOperation;
        Name = name;
        MetricName = metricName;
        SpanName = name is null ? _operation : $"{_operation} {name}";
        StartTags = Tags(endpoint, name, answered: null);
    }

    /// <summary>Gets the name as it was asked for; <see langword="null"/> when no model was named.</summary>
    public string? Name { get; }

    /// <summary>Gets the name on metrics, where the number of names is bounded.</summary>
    public string? MetricName { get; }

    public string SpanName { get; }

    /// <summary>Gets the tags that samplers decide by, so they are there when the span starts.</summary>
    public KeyValuePair<string, object?>[] StartTags { get; }

    /// <summary>Gives what metrics say of a call.</summary>
    /// <param name="provider">Who answered; <see langword="null"/> for the one that was asked.</param>
    /// <param name="answered">The model that answered, of a bounded number of names.</param>
    public MetricTags MetricTags(string? provider, string? answered)
    {
        provider ??= _endpoint.Provider;
        // One call after the other is answered by the same model.
        if (_last is { } last && last.Provider == provider && last.Answered == answered)
            return last.Tags;
        if (!_tags.TryGetValue((provider, answered), out var tags))
            tags = _tags.GetOrAdd((provider, answered), new MetricTags(_names, Tags(_endpoint.For(provider), MetricName, answered)));
        _last = new(provider, answered, tags);
        return tags;
    }

    private KeyValuePair<string, object?>[] Tags(ChatEndpoint endpoint, string? model, string? answered)
    {
        var tags = new List<KeyValuePair<string, object?>>(6) { new(_names.OperationName, _operation), new(_names.ProviderName, endpoint.Provider) };
        if (model is not null)
            tags.Add(new(_names.RequestModel, model));
        if (answered is not null)
            tags.Add(new(_names.ResponseModel, answered));
        if (endpoint.Address is not null)
            tags.Add(new(_names.ServerAddress, endpoint.Address));
        if (endpoint.Port is not null)
            tags.Add(new(_names.ServerPort, endpoint.Port));
        return [.. tags];
    }

    private sealed record LastTags(string Provider, string? Answered, MetricTags Tags);
}
