namespace LlmKit.Observability.Tracing;

/// <summary>The texts of a call, as JSON; each <see langword="null"/> when there is none or none may be told.</summary>
internal readonly record struct EventContent(string? Instructions, string? Tools, string? Input, string? Output);
