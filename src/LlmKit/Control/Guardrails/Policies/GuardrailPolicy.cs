using LlmKit.Text;

namespace LlmKit.Control.Guardrails;

/// <summary>The rules for one kind of calls, compiled once for a snapshot.</summary>
internal sealed class GuardrailPolicy
{
    private readonly RailRules _input;
    private readonly RailRules _output;
    private readonly RailRules _retrieved;
    private readonly RailRules _toolResult;
    private readonly RailRules _toolCall;

    public GuardrailPolicy(GuardrailOptions options, List<string> failures)
    {
        Observe = options.Observe;
        WhenBlocked = options.WhenBlocked;
        BlockedAnswer = options.BlockedAnswer;
        DraftTelemetry = options.DraftTelemetry;
        _input = new(options, Rail.Input);
        _output = new(options, Rail.Output);
        _retrieved = new(options, Rail.Retrieved);
        _toolResult = new(options, Rail.ToolResult);
        _toolCall = new(options, Rail.ToolCall);
        Plain = new([], new() { Style = options.Style });
        Tools = options.Tools is null ? null : ToolPolicy.Compile(options.Tools, failures);
        TriedTools = options.TriedTools is null ? null : ToolPolicy.Compile(options.TriedTools, failures);
        Format = options.Format;
        Leak = options.Leak;
        AnswerSettings = new() { MaxHoldback = options.MaxHoldback, OnOverflow = options.OnOverflow, Style = options.Style.IsReversible ? RedactionStyle.Label : options.Style };
        PlainForAnswers = new([], new() { Style = AnswerSettings.Style });
        Spotlight = options.SpotlightsBy is { } style ? new(style) : null;
        Bindings = new([.. options.Bindings]);
        MostRequestLength = options.MostRequestLength;
        MostAnswerLength = options.MostAnswerLength;
        MostRepetition = options.MostRepetition;
        RailRules[] ofRequests = [_input, _retrieved, _toolResult];
        IsReversible = Array.Exists(ofRequests, rules => rules.IsReversible || (rules.Guards.Length > 0 && options.Style.IsReversible));
        HasToolRail = Tools is not null || TriedTools is not null || !_toolCall.IsIdle || Leak is not null;
        HasGate = Format is not null || _output.Guards.Length > 0 || _toolCall.Guards.Length > 0 || Tools?.Approval is not null;
        HasAnswerLimits = MostAnswerLength is not null || MostRepetition is not null || _output.Topics.Length > 0;
        LooksAtAnswers = Leak is not null || HasGate || HasToolRail || !_output.IsIdle || HasAnswerLimits;
    }

    public bool Observe { get; }

    public WhenBlocked WhenBlocked { get; }

    public string BlockedAnswer { get; }

    /// <summary>Gets whether the names of OpenTelemetry's draft are used beside our own.</summary>
    public bool DraftTelemetry { get; }

    /// <summary>Gets a redactor that looks for nothing: it replaces what others have found.</summary>
    public TextRedactor Plain { get; }

    /// <summary>Gets a redactor that replaces what others have found in answers, which nobody puts back.</summary>
    public TextRedactor PlainForAnswers { get; }

    public ToolPolicy? Tools { get; }

    /// <summary>Gets the limits on tools that are only tried; <see langword="null"/> when none are.</summary>
    public ToolPolicy? TriedTools { get; }

    public FormatRule? Format { get; }

    /// <summary>Gets what keeps the application's own words from coming out; <see langword="null"/> when nothing does.</summary>
    public LeakRule? Leak { get; }

    /// <summary>Gets how rules that a request adds treat its answer.</summary>
    public TextRedactorOptions AnswerSettings { get; }

    /// <summary>Gets what marks the texts of strangers; <see langword="null"/> when nothing does.</summary>
    public Spotlight? Spotlight { get; }

    public ModelBindings Bindings { get; }

    public int? MostRequestLength { get; }

    public int? MostAnswerLength { get; }

    public int? MostRepetition { get; }

    /// <summary>Gets whether a rule takes values out of requests that are put back into answers.</summary>
    public bool IsReversible { get; }

    public bool HasToolRail { get; }

    /// <summary>Gets whether somebody must be asked before an answer is shown.</summary>
    public bool HasGate { get; }

    /// <summary>Gets whether how an answer goes on depends on all that it has said.</summary>
    public bool HasAnswerLimits { get; }

    /// <summary>Gets whether any rule is about answers.</summary>
    public bool LooksAtAnswers { get; }

    public RailRules RulesOf(Rail rail) => rail switch
    {
        Rail.Input => _input,
        Rail.Output => _output,
        Rail.Retrieved => _retrieved,
        Rail.ToolResult => _toolResult,
        Rail.ToolCall => _toolCall,
        _ => throw new ArgumentOutOfRangeException(nameof(rail)),
    };
}
