using LlmKit.Observability.Tracing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmKit.Tests.Observability.Tracing;

/// <summary>Gives the tracer its log, and nobody else any.</summary>
internal sealed class OneLog(ILogger log) : ILoggerFactory
{
    public void AddProvider(ILoggerProvider provider)
    {
    }

    public ILogger CreateLogger(string categoryName) => categoryName == typeof(TracingChatClient).FullName ? log : NullLogger.Instance;

    public void Dispose()
    {
    }
}
