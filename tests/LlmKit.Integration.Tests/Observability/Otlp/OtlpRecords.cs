namespace LlmKit.Integration.Tests.Observability.Otlp;

internal sealed record OtlpSpan(
    string TraceId,
    string Id,
    string ParentId,
    string Name,
    int Kind,
    int Status,
    string StatusMessage,
    Dictionary<string, object?> Attributes,
    IReadOnlyList<OtlpEvent> Events,
    Dictionary<string, object?> Resource,
    string Scope);

internal sealed record OtlpEvent(string Name, Dictionary<string, object?> Attributes);

internal sealed record OtlpPoint(
    string Metric, string Unit, string Kind, Dictionary<string, object?> Attributes, double Sum, ulong Count, double[] Bounds);

internal sealed record OtlpLog(
    string EventName, int Severity, string TraceId, string SpanId, Dictionary<string, object?> Attributes, object? Body);
