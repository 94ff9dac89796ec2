using System.Diagnostics;
using LlmKit.Observability.Tracing;
using Microsoft.Extensions.Logging;

namespace LlmKit.Tests.Observability.Tracing;

/// <summary>A log that keeps events with their attributes and the span that was current.</summary>
internal sealed class EventLog : ILogger<TracingChatClient>
{
    public List<(string? Name, LogLevel Level, Dictionary<string, object?> Values, string Text, Activity? Span)> Records { get; } = [];

    public (string? Name, LogLevel Level, Dictionary<string, object?> Values, string Text, Activity? Span) Single(string name) =>
        Records.Single(record => record.Name == name);

    public LogLevel Least { get; init; }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= Least;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Records.Add((eventId.Name, logLevel, ((IEnumerable<KeyValuePair<string, object?>>)state!).ToDictionary(), formatter(state, exception), Activity.Current));
}
