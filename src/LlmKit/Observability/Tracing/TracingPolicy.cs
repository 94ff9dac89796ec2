namespace LlmKit.Observability.Tracing;

/// <summary>Tracing's settings, prepared once. Immutable.</summary>
internal sealed class TracingPolicy
{
    private TracingPolicy(TracingOptions options)
    {
        RecordTenant = options.RecordTenant;
        RecordUser = options.RecordUser;
        MaxModelNames = options.MaxModelNames;
        Recorded = new(options.Redact, options.MaxTextLength);
        if (options.CaptureContent ?? CaptureSwitch.FromEnvironment())
            Content = new(options.Redact, options.MaxTextLength, options.MaxAttributeBytes);
    }

    /// <summary>Gets what writes texts; <see langword="null"/> when none may be written.</summary>
    public ContentJson? Content { get; }

    /// <summary>Gets what writes texts for a trace store, which says itself whether it wants them.</summary>
    public RecordedContent Recorded { get; }

    public bool RecordTenant { get; }

    public bool RecordUser { get; }

    public int MaxModelNames { get; }

    public static TracingPolicy Compile(TracingOptions options, List<string> failures)
    {
        TracingOptionsValidator.Validate(options, failures);
        return new(options);
    }
}
