using Microsoft.Extensions.Logging;

namespace LlmKit.Observability.Tracing;

/// <summary>What tracing logs about itself: types only.</summary>
internal static partial class TracingLog
{
    [LoggerMessage(301, LogLevel.Warning, "Tracing a call of the pipeline '{Pipeline}' failed with {Error}; the call went on without it.")]
    public static partial void Failed(ILogger logger, string pipeline, string error);
}
