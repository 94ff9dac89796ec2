namespace LlmKit.Observability.Tracing;

/// <summary>A model that is asked for, with what every span and metric says of it prepared once.</summary>
internal sealed class RequestModel
{
    public RequestModel(GenAiNames names, ChatEndpoint endpoint, string? name, string? metricName, string? operation = null)
    {
        operation ??= names.ChatOperation;
        Name = name;
        MetricName = metricName;
        SpanName = name is null ? operation : $"{operation} {name}";
        var tags = new List<KeyValuePair<string, object?>>(5)
        {
            new(names.OperationName, operation),
            new(names.ProviderName, endpoint.Provider),
        };
        if (name is not null)
            tags.Add(new(names.RequestModel, name));
        if (endpoint.Address is not null)
            tags.Add(new(names.ServerAddress, endpoint.Address));
        if (endpoint.Port is not null)
            tags.Add(new(names.ServerPort, endpoint.Port));
        StartTags = [.. tags];
    }

    /// <summary>Gets the name as it was asked for; <see langword="null"/> when no model was named.</summary>
    public string? Name { get; }

    /// <summary>Gets the name on metrics, where the number of names is bounded.</summary>
    public string? MetricName { get; }

    public string SpanName { get; }

    /// <summary>Gets the tags that samplers decide by, so they are there when the span starts.</summary>
    public KeyValuePair<string, object?>[] StartTags { get; }
}
