using Microsoft.Extensions.Logging;

namespace LlmKit.Observability.Tracing;

/// <summary>What tracing logs about itself: types only.</summary>
internal static partial class TracingLog
{
    [LoggerMessage(301, LogLevel.Warning, "Tracing a call of the pipeline '{Pipeline}' failed with {Error}; the call went on without it.")]
    public static partial void Failed(ILogger logger, string pipeline, string error);

    [LoggerMessage(305, LogLevel.Warning, "The content hook of the pipeline '{Pipeline}' failed with {Error}; no text of the call is recorded.")]
    public static partial void HookFailed(ILogger logger, string pipeline, string error);
}
