using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace LlmKit.Observability.Tracing;

/// <summary>The metrics of agents, workflows and tools, which only the next conventions have.</summary>
internal sealed class ScopeInstruments
{
    private static readonly ScopeInstruments None = new(GenAiNames.Version141);

    private readonly GenAiNames _names;
    private readonly Histogram<double>? _agent;
    private readonly Histogram<double>? _workflow;
    private readonly Histogram<double>? _tool;
    private readonly Histogram<long>? _inferences;
    private readonly Histogram<long>? _toolCalls;

    private ScopeInstruments(GenAiNames names)
    {
        _names = names;
        _agent = Seconds(names.AgentDurationMetric, "How long agents worked.");
        _workflow = Seconds(names.WorkflowDurationMetric, "How long workflows took.");
        _tool = Seconds(names.ToolDurationMetric, "How long tools took.");
        _inferences = Counts(names.AgentInferencesMetric, "{call}", "How many chats each agent's work took.");
        _toolCalls = Counts(names.AgentToolCallsMetric, "{call}", "How many uses of tools each agent's work took.");
    }

    public static ScopeInstruments Of(GenAiNames names) => names.AgentDurationMetric is null ? None : Second.Instance;

    /// <summary>Gets whether calls are counted for the agent that they are a part of.</summary>
    public bool CountsCalls => _inferences is { Enabled: true } || _toolCalls is { Enabled: true };

    public bool TimesTools => _tool is { Enabled: true };

    public void Record(ScopeKind kind, TimeSpan duration, string? name, string? errorType, long inferences, long toolCalls)
    {
        var histogram = kind switch { ScopeKind.Agent => _agent, ScopeKind.Workflow => _workflow, _ => null };
        if (histogram is null)
            return;
        TagList tags = [new(_names.OperationName, kind == ScopeKind.Agent ? _names.AgentOperation : _names.WorkflowOperation)];
        if (name is not null)
            tags.Add(kind == ScopeKind.Agent ? _names.AgentName : _names.WorkflowName, Second.AgentNames.Get(name));
        if (kind == ScopeKind.Agent)
        {
            _inferences?.Record(inferences, tags);
            _toolCalls?.Record(toolCalls, tags);
        }

        AddError(ref tags, errorType);
        histogram.Record(duration.TotalSeconds, tags);
    }

    public void RecordTool(TimeSpan duration, string tool, string? errorType)
    {
        if (!TimesTools)
            return;
        TagList tags = [new(_names.OperationName, _names.ToolOperation), new(_names.ToolName, Second.ToolNames.Get(tool))];
        AddError(ref tags, errorType);
        _tool!.Record(duration.TotalSeconds, tags);
    }

    private void AddError(ref TagList tags, string? errorType)
    {
        if (errorType is not null)
            tags.Add(_names.ErrorType, errorType);
    }

    private static Histogram<double>? Seconds(string? name, string description) => name is null ? null
        : LlmKitDiagnostics.Meter.CreateHistogram(name, "s", description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = ChatInstruments.Seconds });

    private static Histogram<long>? Counts(string? name, string unit, string description) => name is null ? null
        : LlmKitDiagnostics.Meter.CreateHistogram<long>(name, unit, description);

    private static class Second
    {
        public static readonly ScopeInstruments Instance = new(GenAiNames.Next);
        public static readonly CappedNames AgentNames = new(most: 100);
        public static readonly CappedNames ToolNames = new(most: 100);
    }
}
