namespace LlmKit.Observability.Tracing;

/// <summary>The environment variables that turn content on, in the vocabularies of .NET and of Python's instrumentations.</summary>
internal static class CaptureSwitch
{
    private const string Content = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";
    private const string Emit = "OTEL_INSTRUMENTATION_GENAI_EMIT_EVENT";

    public static bool FromEnvironment() => IsOnForSpans(Environment.GetEnvironmentVariable(Content));

    public static bool EventsFromEnvironment() => IsOnForEvents(Environment.GetEnvironmentVariable(Content));

    /// <summary>Whether events are asked for; <see langword="null"/> where nothing is said.</summary>
    public static bool? EmitFromEnvironment() => AsksForEvents(Environment.GetEnvironmentVariable(Emit));

    /// <summary>Whether a value means content on spans; what is not understood means no.</summary>
    public static bool IsOnForSpans(string? value) => Word(value) is "TRUE" or "SPAN_ONLY" or "SPAN_AND_EVENT";

    /// <summary>Whether a value means content on events. <c>true</c> comes from .NET, where it never meant more than spans.</summary>
    public static bool IsOnForEvents(string? value) => Word(value) is "EVENT_ONLY" or "SPAN_AND_EVENT";

    public static bool? AsksForEvents(string? value) => Word(value) switch
    {
        "TRUE" => true,
        "FALSE" => false,
        _ => null,
    };

    private static string? Word(string? value) => value?.Trim().ToUpperInvariant();
}
