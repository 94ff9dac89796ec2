using System.Diagnostics;
using LlmKit.Calls;
using LlmKit.Observability.Tracing;

namespace LlmKit;

/// <summary>The work of an agent, a plan, a workflow or a retrieval: a span that is current until it is disposed of.</summary>
/// <remarks>Thread-safe: calls may run side by side in it. Dispose of it where it was begun; only the first time counts.</remarks>
public class TraceScope : IDisposable
{
    // FunctionInvokingChatClient looks for it on the span of the agent before it records arguments and results of tools.
    private const string ContentProperty = "__EnableSensitiveData__";
    private const string ScopeProperty = "llmkit.scope";

    private static readonly AsyncLocal<TraceScope?> Ambient = new();

    private readonly ScopeKind _kind;
    private readonly TraceScope? _outer;
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly string? _name;
    private string? _errorType;
    private long _input;
    private long _output;
    private long _inferences;
    private long _toolCalls;
    private int _ended;

    private protected TraceScope(TracingPolicy policy, int kind, string? operation, string? name, ActivityKind spanKind, KeyValuePair<string, object?>[] tags)
    {
        Policy = policy;
        _kind = (ScopeKind)kind;
        _name = name;
        if (operation is not null && policy.SpanMode == SpanMode.Full && LlmKitDiagnostics.ActivitySource.HasListeners())
            Span = Facts = Start(policy.Names, operation, name, spanKind, tags);
        else if (operation is not null && policy.SpanMode == SpanMode.StoreOnly && SpanKeepers.Any)
            Facts = SpanKeepers.Begin(NameOf(operation, name), TagsOf(policy.Names, operation, tags));
        // What is used while a plan is made is its agent's.
        if (_kind is ScopeKind.Retrieval or ScopeKind.Plan)
            return;
        _outer = Ambient.Value;
        if (Span is not null || (policy.SpanMode == SpanMode.Full && ScopeInstruments.Of(policy.Names).CountsCalls))
            Ambient.Value = this;
        if (Span is null)
            return;
        Span.SetCustomProperty(ScopeProperty, this);
        // What others write of tools is not redacted: LlmTrace.Traced does it then.
        if (policy.Content is not null && !policy.Redacts)
            Span.SetCustomProperty(ContentProperty, "true");
    }

    /// <summary>Gets the span; <see langword="null"/> when nobody listens.</summary>
    public Activity? Span { get; }

    private protected TracingPolicy Policy { get; }

    /// <summary>Gets what facts are written to: the span, or what only a trace store keeps.</summary>
    private protected Activity? Facts { get; }

    /// <summary>Gets what texts are written to for those who keep them; <see langword="null"/> when nobody does.</summary>
    private protected SpanTexts? Texts => Facts is { IsAllDataRequested: true } && SpanKeepers.WantTexts ? SpanTexts.Of(Facts, Policy.Redacts) : null;

    /// <summary>Gets whether texts are written at all.</summary>
    private protected bool WritesTexts => Facts is { IsAllDataRequested: true } && (Policy.Content is not null || SpanKeepers.WantTexts);

    private protected bool SawInferences => Interlocked.Read(ref _inferences) > 0;

    internal static TraceScope Begin(TracingPolicy policy, ScopeKind kind, string? operation, string? name, ActivityKind spanKind, KeyValuePair<string, object?>[] tags) =>
        new(policy, (int)kind, operation, name, spanKind, tags);

    /// <summary>Finds the nearest agent or workflow that a span is a part of; where there is no span of either, the one that is under way here.</summary>
    internal static TraceScope? Nearest(Activity? span)
    {
        if (Around(span) is { } around)
            return around;
        var scope = Ambient.Value;
        // What was begun in a scope may go on when the scope has ended.
        while (scope is { _ended: not 0 })
            scope = scope._outer;
        return scope;
    }

    private static TraceScope? Around(Activity? span)
    {
        for (; span is not null; span = span.Parent)
        {
            if (ReferenceEquals(span.Source, LlmKitDiagnostics.ActivitySource) && span.GetCustomProperty(ScopeProperty) is TraceScope scope)
                return scope;
        }

        return null;
    }

    /// <summary>Notes that the work failed.</summary>
    /// <param name="exception">Why. Its type is recorded, its message only with content.</param>
    public void Fail(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        _errorType = ErrorTypes.Of(exception);
        if (Facts is null)
            return;
        Facts.SetTag(Policy.Names.ErrorType, _errorType);
        Facts.SetStatus(ActivityStatusCode.Error, Policy.Content?.Text(exception.Message));
    }

    /// <summary>Adds what a chat within the scope used.</summary>
    internal void AddInference(long? input, long? output)
    {
        Interlocked.Increment(ref _inferences);
        Interlocked.Add(ref _input, input ?? 0);
        Interlocked.Add(ref _output, output ?? 0);
    }

    internal void AddToolCall() => Interlocked.Increment(ref _toolCalls);

    /// <summary>Ends the work.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the work.</summary>
    /// <param name="disposing">Whether it is ended by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing || Interlocked.Exchange(ref _ended, 1) != 0)
            return;
        if (ReferenceEquals(Ambient.Value, this))
            Ambient.Value = _outer;
        try
        {
            if (Facts is { IsAllDataRequested: true })
                Complete(Facts);
            if (Policy.SpanMode == SpanMode.Full)
                ScopeInstruments.Of(Policy.Names).Record(_kind, Stopwatch.GetElapsedTime(_started), _name, _errorType, _inferences, _toolCalls);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A listener is anybody's code; the work has ended all the same.
        }

        if (Span is null && Facts is not null)
            SpanKeepers.End(Facts);
        else
            GuardedSpan.Stop(Span);
    }

    /// <summary>Sets what is known at the end.</summary>
    private protected virtual void Complete(Activity span)
    {
        if (_kind != ScopeKind.Agent || _input + _output <= 0)
            return;
        span.SetTag(Policy.Names.UsageInputTokens, _input);
        span.SetTag(Policy.Names.UsageOutputTokens, _output);
    }

    private static Activity? Start(GenAiNames names, string operation, string? name, ActivityKind kind, KeyValuePair<string, object?>[] tags) =>
        GuardedSpan.Start(NameOf(operation, name), kind, TagsOf(names, operation, tags));

    private static string NameOf(string operation, string? name) => string.IsNullOrEmpty(name) ? operation : $"{operation} {name}";

    private static KeyValuePair<string, object?>[] TagsOf(GenAiNames names, string operation, KeyValuePair<string, object?>[] tags) =>
        [new(names.OperationName, operation), .. tags.Where(tag => tag.Value is not null and not "")];
}
