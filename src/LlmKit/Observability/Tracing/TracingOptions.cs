using LlmKit.Observability.Tracing;
using Microsoft.Extensions.Configuration;

namespace LlmKit;

/// <summary>What tracing records of a call besides names, numbers and times.</summary>
/// <remarks>Settings: change them only while the pipeline is being configured. Bound from <c>LlmKit:&lt;pipeline&gt;:Tracing</c>; configuration wins over code.</remarks>
public sealed class TracingOptions
{
    /// <summary>Gets or sets whether spans hold prompts, answers, tool arguments and messages of exceptions. Sensitive: every reader of the traces can read them.</summary>
    /// <value>
    /// <see langword="null"/> by default: the environment variable <c>OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT</c> decides
    /// (<c>true</c>, <c>SPAN_ONLY</c> or <c>SPAN_AND_EVENT</c> for yes, in any case), and without it they do not. A value set here wins.
    /// </value>
    public bool? CaptureContent { get; set; }

    /// <summary>Gets or sets whether events hold the same texts, as values with a structure instead of JSON. Sensitive: every reader of the logs can read them.</summary>
    /// <value>
    /// <see langword="null"/> by default: the same environment variable decides (<c>EVENT_ONLY</c> or <c>SPAN_AND_EVENT</c> for yes), unless
    /// <see cref="CaptureContent"/> is <see langword="false"/>: then they do not. A value set here wins.
    /// </value>
    public bool? CaptureContentOnEvents { get; set; }

    /// <summary>Gets or sets whether each call is also logged as the event <c>gen_ai.client.inference.operation.details</c>, at the level Debug under the category of <c>TracingChatClient</c>.</summary>
    /// <value>
    /// <see langword="null"/> by default: the environment variable <c>OTEL_INSTRUMENTATION_GENAI_EMIT_EVENT</c> decides, and without it calls are
    /// logged where content on events is on. <see langword="false"/> also leaves out <c>gen_ai.client.operation.exception</c>, which tells failures as warnings.
    /// </value>
    public bool? EmitEvents { get; set; }

    /// <summary>Gets or sets which version of the GenAI conventions gives the names. Never two at once.</summary>
    /// <value>
    /// <see langword="null"/> by default: <see cref="SemanticConventions.Next"/> where the environment variable <c>OTEL_SEMCONV_STABILITY_OPT_IN</c>
    /// lists <c>gen_ai_latest_experimental</c>, else <see cref="SemanticConventions.Version141"/>. A value set here wins. Taken when the pipeline is built.
    /// </value>
    public SemanticConventions? Profile { get; set; }

    /// <summary>Gets or sets whether calls are told to OpenTelemetry.</summary>
    /// <value><see cref="SpanMode.Full"/> by default. Taken when the pipeline is built.</value>
    public SpanMode SpanMode { get; set; }

    /// <summary>Gets or sets whether the models of this pipeline run in this process, such as one loaded by a library: their spans, and those of embeddings, are of the kind Internal then, not Client.</summary>
    /// <value><see langword="false"/> by default. Holds for all of a pipeline's models: one span covers them. Metrics are the same either way.</value>
    public bool InProcess { get; set; }

    /// <summary>Gets or sets under which names of others spans tell their cost too.</summary>
    /// <value><see cref="CostAliases.None"/> by default.</value>
    public CostAliases CostAliases { get; set; }

    /// <summary>Gets or sets what replaces each text before it is written, such as a redaction of personal data.</summary>
    /// <value>
    /// <see langword="null"/> by default: texts are written as they are. Called for every text, property name and string inside tool
    /// arguments and results, whole and before it is cut; must be thread-safe. A text for which it throws is left out. The call itself is never changed.
    /// </value>
    public Func<string, string>? Redact { get; set; }

    /// <summary>Gets or sets which names say that a value is a secret: in arguments and results of tools and among variables of prompts it is written as <c>[withheld]</c>, whatever <see cref="Redact"/> does.</summary>
    /// <value>
    /// By default the usual names of passwords, keys, tokens, cookies and connection strings, such as <c>api_key</c>. A name is one of these where it is the same or ends
    /// with it, whatever its case and the signs between its words: <c>X-Api-Key</c> too, but not <c>max_tokens</c>. <see langword="true"/>, <see langword="false"/> and nothing
    /// are written all the same, and so are schemas. A text that is JSON as a whole is looked into where a tool gives or takes it, no other text: that is for <see cref="Redact"/>. An empty list withholds nothing.
    /// </value>
    public IList<string> SecretNames { get; set; } = [.. NamedSecrets.Usual];

    /// <summary>Gets or sets what sees the texts of every call before they are recorded, whatever is sampled: to change them, or to store them elsewhere.</summary>
    /// <value>
    /// <see langword="null"/> by default: an <see cref="IContentHook"/> among the services is asked; without one, and where the environment variable
    /// <c>OTEL_INSTRUMENTATION_GENAI_COMPLETION_HOOK</c> is <c>upload</c>, texts are stored as files of the folder that
    /// <c>OTEL_INSTRUMENTATION_GENAI_UPLOAD_BASE_PATH</c> names; else nobody is asked. Calls alone: scopes, tools and retrievals
    /// of <see cref="LlmTrace"/> have none.
    /// </value>
    public IContentHook? ContentHook { get; set; }

    /// <summary>Gets or sets how many characters of one text are written; the rest is cut off and its length noted.</summary>
    /// <value>1 to 1,048,576; 32,768 by default.</value>
    public int MaxTextLength { get; set; } = 32_768;

    /// <summary>Gets or sets how large one attribute may become, in bytes of UTF-8. The first and the last messages are kept, the middle goes first.</summary>
    /// <value>4,096 to 16,777,216; 65,536 by default, where common backends begin to cut.</value>
    public int MaxAttributeBytes { get; set; } = 65_536;

    /// <summary>Gets or sets whether spans name the tenant. Metrics never do.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool RecordTenant { get; set; }

    /// <summary>Gets or sets whether spans name the user. Metrics never do.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool RecordUser { get; set; }

    /// <summary>Gets or sets how many different model names, and how many features, metrics tell apart; later ones are counted together as <c>_other</c>.</summary>
    /// <value>1 to 10,000; 100 by default. Taken when the pipeline is built.</value>
    public int MaxModelNames { get; set; } = 100;

    // By hand: the generated binder warns of the delegate.
    internal void Bind(IConfiguration section)
    {
        CaptureContent = Bool(section, nameof(CaptureContent)) ?? CaptureContent;
        CaptureContentOnEvents = Bool(section, nameof(CaptureContentOnEvents)) ?? CaptureContentOnEvents;
        EmitEvents = Bool(section, nameof(EmitEvents)) ?? EmitEvents;
        Profile = Word<SemanticConventions>(section, nameof(Profile)) ?? Profile;
        SpanMode = Word<SpanMode>(section, nameof(SpanMode)) ?? SpanMode;
        InProcess = Bool(section, nameof(InProcess)) ?? InProcess;
        CostAliases = Word<CostAliases>(section, nameof(CostAliases)) ?? CostAliases;
        var secrets = section.GetSection(nameof(SecretNames)).GetChildren().Select(static name => name.Value).OfType<string>().ToList();
        if (secrets.Count > 0)
            SecretNames = secrets;
        MaxTextLength = Int(section, nameof(MaxTextLength)) ?? MaxTextLength;
        MaxAttributeBytes = Int(section, nameof(MaxAttributeBytes)) ?? MaxAttributeBytes;
        RecordTenant = Bool(section, nameof(RecordTenant)) ?? RecordTenant;
        RecordUser = Bool(section, nameof(RecordUser)) ?? RecordUser;
        MaxModelNames = Int(section, nameof(MaxModelNames)) ?? MaxModelNames;
    }

    private static bool? Bool(IConfiguration section, string name) => section[name] is not { Length: > 0 } text ? null
        : bool.TryParse(text, out var value) ? value
        : throw new InvalidOperationException($"'{name}' is '{text}', not true or false.");

    private static T? Word<T>(IConfiguration section, string name)
        where T : struct, Enum => section[name] is not { Length: > 0 } text ? null
        : Enum.TryParse<T>(text, ignoreCase: true, out var value) ? value
        : throw new InvalidOperationException($"'{name}' is '{text}', not one of {string.Join(", ", Enum.GetNames<T>())}.");

    private static int? Int(IConfiguration section, string name) => section[name] is not { Length: > 0 } text ? null
        : int.TryParse(text, System.Globalization.NumberStyles.Integer, System.Globalization.CultureInfo.InvariantCulture, out var value) ? value
        : throw new InvalidOperationException($"'{name}' is '{text}', not a whole number.");
}
