using System.Diagnostics;

namespace LlmKit.Observability.Tracing;

/// <summary>Starts and stops the spans of what stands around calls. Whatever a listener throws, the work goes on; there is no log here to tell it.</summary>
internal static class GuardedSpan
{
    public static Activity? Start(string name, ActivityKind kind, IEnumerable<KeyValuePair<string, object?>> tags, DateTimeOffset started = default)
    {
        var current = Activity.Current;
        Activity? span = null;
        try
        {
            span = LlmKitDiagnostics.ActivitySource.StartActivity(name, kind, parentContext: default, tags, links: null, started);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // It is current by then, and nobody would stop it.
            Activity.Current = current;
        }

        return span;
    }

    public static void Stop(Activity? span)
    {
        if (span is null)
            return;
        var current = Activity.Current;
        try
        {
            span.Stop();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            if (ReferenceEquals(current, span))
                Activity.Current = span.Parent;
        }
    }
}
