using LlmKit.Text;
using LlmKit.Text.Streaming;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.Guardrails;

/// <summary>Looks at one answer, whole or as it streams, and lets out what may be shown. One instance for one answer.</summary>
/// <remarks>Each text and each tool call is looked at by itself. What a broken stream left undecided is never let out.</remarks>
internal sealed class AnswerReader
{
    private readonly RailContext _context;
    private readonly RailRules _rules;
    private readonly TextRedactor? _redactor;
    private readonly AnswerLimits? _limits;
    private readonly TopicWatch[] _topics;
    private TextRun? _run;
    private int _runs;

    public AnswerReader(RailContext context)
    {
        _context = context;
        _rules = context.Policy.RulesOf(Rail.Output);
        _redactor = context.AnswerRedactor;
        _limits = AnswerLimits.Of(context.Policy);
        _topics = Array.ConvertAll(_rules.Topics, static rule => new TopicWatch(rule));
        Tools = ToolCallRail.Of(context);
        Flow = new(_ => Open(), Pass, annotations => Citations.Cleaned(annotations, Whole));
    }

    public ContentFlow Flow { get; }

    /// <summary>Gets what looks at tool calls; <see langword="null"/> when no rule does.</summary>
    public ToolCallRail? Tools { get; }

    /// <summary>Gets what stops the answer; <see langword="null"/> while nothing does.</summary>
    public RailBlock? Block { get; private set; }

    /// <summary>Gets whether the answer was cut off at a limit.</summary>
    public bool IsCut => _limits?.Reached is not null;

    public bool IsOver => Block is not null || IsCut;

    /// <summary>Gets whether anything was taken out of the answer.</summary>
    public bool HasChanged { get; private set; }

    /// <summary>Hears that a text is over.</summary>
    public void HearEnd()
    {
        foreach (var topic in _topics)
        {
            topic.EndText();
            StopAt(topic);
        }
    }

    /// <summary>Lets a piece of a text out, as far as the limits allow.</summary>
    public string Let(string piece, TextRun run)
    {
        HasChanged |= run.Replaced.Count > 0;
        var allowed = _limits is null || piece.Length == 0 ? piece : _limits.Take(piece);
        HasChanged |= IsCut;
        foreach (var topic in _topics)
        {
            topic.Append(allowed);
            StopAt(topic);
        }

        // What stops a text stands behind what it lets out: a limit that is reached before is reached first.
        if (run.IsStopped && !IsCut)
            Block ??= new(Rail.Output, run.StoppedBy?.Rule ?? StreamRedactor.OverflowRule);
        return Block is null || run.IsStopped ? allowed : "";
    }

    /// <summary>Ends a text.</summary>
    public void End(TextRun run)
    {
        _run = null;
        var index = _runs++;
        _rules.AddWatched(_context, Rail.Output, run.Watched, index);
        _context.Found(Rail.Output, RailVerdict.Block, run.Leaked, index, observed: true);
        _context.Found(Rail.Output, RailVerdict.Redact, run.Replaced, index);
        if (run.StoppedBy is { } stop)
            _context.Found(Rail.Output, RailVerdict.Block, [stop], index);
        else if (run.IsStopped)
            _context.Findings.Add(new(Rail.Output, RailVerdict.Block, StreamRedactor.OverflowRule, Observed: false));
    }

    /// <summary>Ends the answer however it ended: what was found so far is on record.</summary>
    public void Leave()
    {
        if (_run is { } run)
            End(run);
        foreach (var topic in _topics)
        {
            if (topic.IsOn)
                _context.Findings.Add(new(Rail.Output, topic.Rule.Verdict, topic.Rule.Name, topic.Rule.Observed));
        }

        if (_limits?.Reached is { } limit)
            _context.Findings.Add(new(Rail.Output, RailVerdict.Rewrite, limit, Observed: false));
        if (_context.Policy.Observe)
            return;
        if (Block is not null)
            _context.Call.Mark(Calls.AnswerMarks.Blocked);
        else if (HasChanged)
            _context.Call.Mark(Calls.AnswerMarks.Rewritten);
        if (IsCut)
            _context.Call.Mark(Calls.AnswerMarks.Truncated);
    }

    private void StopAt(TopicWatch topic)
    {
        if (topic is { IsOn: true, Rule: { Verdict: RailVerdict.Block, Observed: false } })
            Block ??= new(Rail.Output, topic.Rule.Name);
    }

    private TextRun Open() => _run = new(this, _rules, _redactor, _context.LeakWatcher);

    private AIContent? Pass(AIContent content)
    {
        // What was used is told, also of an answer that is over.
        if (content is UsageContent)
            return content;
        if (IsOver)
            return null;
        if (content is ErrorContent error)
            return Cleaned(error);
        if (content is not FunctionCallContent call || Tools is null)
            return content;
        var allowed = Tools.Look(call);
        Block ??= Tools.Block;
        HasChanged |= !ReferenceEquals(allowed, call);
        return Block is null ? allowed : null;
    }

    /// <summary>An error may echo what was asked: each of its texts is one of the answer's.</summary>
    private ErrorContent? Cleaned(ErrorContent error)
    {
        var message = Whole(error.Message);
        var details = Whole(error.Details);
        if (Block is not null)
            return null;
        return message == error.Message && details == error.Details ? error : ContentText.With(error, message, details);
    }

    private string? Whole(string? text)
    {
        if (text is not { Length: > 0 })
            return text;
        // It may stand beside a text that goes on behind it.
        var open = _run;
        var run = Open();
        var shown = run.Append(text) + run.Complete();
        _run = open;
        return shown;
    }
}
