using System.Diagnostics;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Tracing;

/// <summary>Finds tracers of others around and inside LlmKit's: of two in one pipeline only one may own the metrics, or tokens count twice.</summary>
internal static class ForeignTracer
{
    // LlmKit does not reference the package; where the application does, its type can be asked for.
    private static readonly Type? Known = Type.GetType("Microsoft.Extensions.AI.OpenTelemetryChatClient, Microsoft.Extensions.AI", throwOnError: false);

    /// <summary>Whether a client holds a tracer of somebody else's.</summary>
    public static bool IsInside(IChatClient client) => IsInside(client, Known);

    public static bool IsInside(IChatClient client, Type? tracer) => tracer is not null && client.GetService(tracer) is not null;

    /// <summary>Whether the current span is a chat that somebody else reports. Tools stand between: a chat that a tool makes is one of its own.</summary>
    public static bool IsAround(GenAiNames names)
    {
        var span = Activity.Current;
        while (span is not null && span.OperationName.StartsWith("orchestrate_tools", StringComparison.Ordinal))
            span = span.Parent;
        return span is not null && !ReferenceEquals(span.Source, LlmKitDiagnostics.ActivitySource)
            && names.ChatOperation.Equals(span.GetTagItem(names.OperationName));
    }
}
