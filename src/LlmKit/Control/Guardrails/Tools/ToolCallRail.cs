using System.Text;
using LlmKit.Text;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.Guardrails;

/// <summary>Looks at the tool calls of one answer before anybody runs them.</summary>
internal sealed class ToolCallRail
{
    private const string ApprovalRule = "tool-approval";

    private readonly RailContext _context;
    private readonly ToolPolicy? _policy;
    private readonly RailRules _rules;
    private int _calls;

    private ToolCallRail(RailContext context)
    {
        _context = context;
        _policy = context.Policy.Tools;
        _rules = context.Policy.RulesOf(Rail.ToolCall);
        _calls = CallsThisTurn(context.Messages);
    }

    /// <summary>Gets what stops the answer; <see langword="null"/> while nothing does.</summary>
    public RailBlock? Block { get; private set; }

    /// <summary>Gets the rail; <see langword="null"/> when no rule is about tool calls.</summary>
    public static ToolCallRail? Of(RailContext context) => context.Policy.HasToolRail ? new(context) : null;

    /// <summary>Gives the call that may go on, redacted where a rule says so; <see langword="null"/> takes it out.</summary>
    public FunctionCallContent? Look(FunctionCallContent call)
    {
        _calls++;
        if (_context.Policy.TriedTools is { } tried && Broken(tried, call) is { } wouldBreak)
            _context.Findings.Add(new(Rail.ToolCall, VerdictOf(tried), wouldBreak, Observed: true));
        if (_policy is not null && Broken(_policy, call) is { } broken)
            return Violated(broken);
        LookForLeaks(call);
        if (call.Arguments is not { Count: > 0 } arguments)
            return call;
        var changed = JsonTexts.Change(arguments, Changed);
        return changed is null || Block is not null ? call : ContentText.With(call, changed);
    }

    /// <summary>Asks those who must be asked about a call that broke no rule; gives it, or <see langword="null"/> to take it out.</summary>
    public async ValueTask<FunctionCallContent?> AskAsync(FunctionCallContent call, CancellationToken cancellationToken)
    {
        if (_policy?.NeedsApproval(call.Name) == true && !await ApprovesAsync(_policy, AsItWillRun(call), cancellationToken).ConfigureAwait(false))
            return Violated(ApprovalRule);
        if (_rules.Guards.Length == 0)
            return call;
        var guarded = await new GuardRunner(_context).RunAsync(_rules.Guards, Rail.ToolCall, TextOf(call), isPartial: false, cancellationToken).ConfigureAwait(false);
        if (guarded.BlockedBy is { } guard)
            Block ??= new(Rail.ToolCall, guard);
        // Parts of a call cannot be put back together: what a guard would change may not go on.
        else if (guarded.HasChanged)
            Block ??= new(Rail.ToolCall, "tool-guard");
        return Block is null ? call : null;
    }

    private string? Broken(ToolPolicy policy, FunctionCallContent call) =>
        policy.MostCalls < _calls ? "tool-calls" : policy.Check(AsItWillRun(call), _context.Options);

    /// <summary>A placeholder has the form of no value: what is checked and approved is what the tool will get.</summary>
    private FunctionCallContent AsItWillRun(FunctionCallContent call) =>
        _context.HasPlaceholders && call.Arguments is { Count: > 0 } ? AnswerRestorer.Restore(call, _context.Placeholders) : call;

    /// <summary>The application's own words leave by a tool as they leave by an answer, also spread over several arguments.</summary>
    private void LookForLeaks(FunctionCallContent call)
    {
        if (_context.LeakRedactor is null && _context.LeakWatcher is null)
            return;
        var (texts, names) = (new StringBuilder(), new StringBuilder(call.Name));
        if (call.Arguments is { } arguments)
        {
            JsonTexts.Change(arguments, (name, text) =>
            {
                (name is null ? names : texts).Append('\n').Append(text);
                return null;
            });
        }

        var all = texts.Append('\n').Append(names).ToString();
        if (_context.LeakWatcher is { } watcher)
            _context.Found(Rail.ToolCall, RailVerdict.Block, watcher.Examine(all).Replaced, 0, observed: true);
        if (_context.LeakRedactor?.Examine(all).Stopping is not { Count: > 0 } leaked)
            return;
        _context.Found(Rail.ToolCall, RailVerdict.Block, leaked, 0);
        Block ??= new(Rail.ToolCall, leaked[0].Rule);
    }

    private static string TextOf(FunctionCallContent call) => $"{call.Name} {ToolResultText.Of(new(call.CallId, call.Arguments))}";

    /// <summary>The calls since the user last spoke.</summary>
    private static int CallsThisTurn(IReadOnlyList<ChatMessage> messages)
    {
        var calls = 0;
        for (var i = messages.Count - 1; i >= 0 && messages[i].Role != ChatRole.User; i--)
            calls += messages[i].Contents.Count(content => content is FunctionCallContent);
        return calls;
    }

    private FunctionCallContent? Violated(string rule)
    {
        var blocks = _policy!.WhenViolated == ToolViolation.Block;
        _context.Findings.Add(new(Rail.ToolCall, VerdictOf(_policy), rule, Observed: false));
        if (blocks)
            Block ??= new(Rail.ToolCall, rule);
        return null;
    }

    private static RailVerdict VerdictOf(ToolPolicy policy) => policy.WhenViolated == ToolViolation.Block ? RailVerdict.Block : RailVerdict.Redact;

    private string? Changed(string? name, string text)
    {
        var named = $"{name}: {text}";
        var from = (name?.Length ?? 0) + 2;
        if (_rules.Watcher?.Examine(named, from) is { IsEmpty: false } watched)
            _rules.AddWatched(_context, Rail.ToolCall, watched.Replaced, 0);
        if (_rules.Redactor?.Examine(named, from) is not { IsEmpty: false } findings)
            return null;
        _context.Found(Rail.ToolCall, RailVerdict.Redact, findings.Replaced, 0);
        _context.Found(Rail.ToolCall, RailVerdict.Block, findings.Stopping, 0);
        if (findings.Stopping.Count > 0)
            Block ??= new(Rail.ToolCall, findings.Stopping[0].Rule);
        return _rules.Redactor.Replace(named, findings.Replaced, new())[from..];
    }

    private async ValueTask<bool> ApprovesAsync(ToolPolicy policy, FunctionCallContent call, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(policy.ApprovalTimeLimit, _context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await policy.Approval!(new(call, _context.Call), either.Token).AsTask().WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            _context.Findings.AddFailure(Rail.ToolCall, ApprovalRule, exception, blocks: true, observed: false);
            return false;
        }
    }
}
