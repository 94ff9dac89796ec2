namespace LlmKit.Observability.Tracing;

/// <summary>The environment variable that turns content on, in the vocabularies of .NET and of Python's instrumentations.</summary>
internal static class CaptureSwitch
{
    private const string Variable = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";

    public static bool FromEnvironment() => IsOnForSpans(Environment.GetEnvironmentVariable(Variable));

    /// <summary>Whether a value means content on spans; what is not understood means no.</summary>
    public static bool IsOnForSpans(string? value) => value?.Trim().ToUpperInvariant() is "TRUE" or "SPAN_ONLY" or "SPAN_AND_EVENT";
}
