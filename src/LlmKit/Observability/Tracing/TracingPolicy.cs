using System.Diagnostics;

namespace LlmKit.Observability.Tracing;

/// <summary>Tracing's settings, prepared once. Immutable.</summary>
internal sealed class TracingPolicy
{
    private const int MostReason = 256;

    private TracingPolicy(TracingOptions options, IContentHook? hook)
    {
        RecordTenant = options.RecordTenant;
        RecordUser = options.RecordUser;
        MaxModelNames = options.MaxModelNames;
        var secrets = new NamedSecrets(options.SecretNames ?? []);
        Recorded = new(options.Redact, options.MaxTextLength, secrets);
        Names = GenAiNames.Of(options.Profile ?? ProfileSwitch.FromEnvironment());
        SpanMode = options.SpanMode;
        SpanKind = options.InProcess ? ActivityKind.Internal : ActivityKind.Client;
        CostAliases = options.CostAliases;
        if (CostAliases.HasFlag(CostAliases.OtelDraft))
            DraftCostMetric.Publish();
        var onSpans = options.CaptureContent ?? CaptureSwitch.FromEnvironment();
        // Whoever said no to content on spans did not mean to find it in the logs.
        var onEvents = options.CaptureContentOnEvents ?? (options.CaptureContent != false && CaptureSwitch.EventsFromEnvironment());
        var emit = options.EmitEvents ?? CaptureSwitch.EmitFromEnvironment();
        EmitDetails = emit ?? onEvents;
        EmitExceptions = emit != false;
        var content = new ContentJson(options.Redact, options.MaxTextLength, options.MaxAttributeBytes, Names.MessagesTellFinishReason, secrets);
        Reasons = new(options.Redact, MostReason, options.MaxAttributeBytes);
        Content = onSpans ? content : null;
        Texts = content;
        Redact = options.Redact;
        EventContent = onEvents ? content : null;
        Hook = options.ContentHook ?? hook;
        HookScope = new(options.Redact, int.MaxValue, long.MaxValue, keepsBlank: true, secrets);
        HookedContent = new(redact: null, options.MaxTextLength, options.MaxAttributeBytes, Names.MessagesTellFinishReason, secrets);
    }

    /// <summary>Gets what writes texts on spans; <see langword="null"/> when none may be written.</summary>
    public ContentJson? Content { get; }

    /// <summary>Gets what writes texts for those who keep spans, whatever the spans tell.</summary>
    public ContentJson Texts { get; }

    /// <summary>Gets what writes the reasons that people give, which are short names by agreement and whatever they typed in fact.</summary>
    public ContentJson Reasons { get; }

    /// <summary>Gets whether texts are redacted: then nobody else may be asked to write them.</summary>
    public bool Redacts => Redact is not null;

    /// <summary>Gets what replaces each text before it is written; <see langword="null"/> for nothing.</summary>
    public Func<string, string>? Redact { get; }

    /// <summary>Gets what writes texts on events; <see langword="null"/> when none may be written.</summary>
    public ContentJson? EventContent { get; }

    /// <summary>Gets who sees texts before they are recorded; <see langword="null"/> for nobody.</summary>
    public IContentHook? Hook { get; }

    /// <summary>Gets what redacts texts for <see cref="Hook"/>, which sees them uncut.</summary>
    public ContentScope HookScope { get; }

    /// <summary>Gets what writes texts that <see cref="Hook"/> left: they are redacted already, and none is redacted twice.</summary>
    public ContentJson HookedContent { get; }

    public bool EmitDetails { get; }

    public bool EmitExceptions { get; }

    public GenAiNames Names { get; }

    public SpanMode SpanMode { get; }

    /// <summary>Gets the kind of the spans of models: a call to another process, or one within this.</summary>
    public ActivityKind SpanKind { get; }

    public CostAliases CostAliases { get; }

    /// <summary>Gets what writes texts for a trace store, which says itself whether it wants them.</summary>
    public RecordedContent Recorded { get; }

    public bool RecordTenant { get; }

    public bool RecordUser { get; }

    public int MaxModelNames { get; }

    public static TracingPolicy Compile(TracingOptions options, List<string> failures, IContentHook? hook = null)
    {
        TracingOptionsValidator.Validate(options, failures);
        return new(options, hook);
    }
}
