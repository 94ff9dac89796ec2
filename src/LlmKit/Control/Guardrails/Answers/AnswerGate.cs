using Microsoft.Extensions.AI;

namespace LlmKit.Control.Guardrails;

/// <summary>Holds an answer until those have been asked who must be: guards, the form, and whoever approves tool calls.</summary>
/// <remarks>How much is held is what the guards say: the whole answer, windows of it, or nothing. One instance for one answer.</remarks>
internal sealed class AnswerGate : IDisposable
{
    private readonly RailContext _context;
    private readonly IChatClient _inner;
    private readonly ToolCallRail? _tools;
    private readonly GuardRule[] _guards;
    private readonly GuardRule[] _besides;
    private readonly GuardRunner _runner;
    private readonly List<ChatResponseUpdate> _held = [];
    private readonly GatedText[] _texts = [new(isReasoning: false), new(isReasoning: true)];
    private readonly List<Task<GuardedText>> _running = [];
    private readonly CancellationTokenSource _left = new();
    private readonly bool _holdsAll;
    private readonly (int Length, int Overlap) _window;
    private readonly (int Length, int Overlap) _besideWindow;
    private bool _hasToolCalls;

    private AnswerGate(RailContext context, IChatClient inner, ToolCallRail? tools)
    {
        (_context, _inner, _tools, _runner) = (context, inner, tools, new(context));
        var guards = context.Policy.RulesOf(Rail.Output).Guards;
        _holdsAll = context.Policy.Format is { Observed: false } || Array.Exists(guards, guard => guard.Options.Streaming == GuardStreaming.Whole && !guard.Observed);
        _holdsAll &= !context.Policy.Observe;
        _besides = _holdsAll ? [] : [.. guards.Where(guard => guard.Options.Streaming == GuardStreaming.Beside || guard.Observed || context.Policy.Observe)];
        _guards = _holdsAll ? guards : [.. guards.Except(_besides)];
        (_window, _besideWindow) = (WindowOf(_guards), WindowOf(_besides));
    }

    /// <summary>Gets what stops the answer; <see langword="null"/> while nothing does.</summary>
    public RailBlock? Block { get; private set; }

    /// <summary>Gets whether a guard changed the answer.</summary>
    public bool HasChanged { get; private set; }

    private bool Holds => _holdsAll || _guards.Length > 0;

    /// <summary>Gets the gate; <see langword="null"/> when nobody must be asked.</summary>
    public static AnswerGate? Of(RailContext context, IChatClient inner, ToolCallRail? tools) => context.Policy.HasGate ? new(context, inner, tools) : null;

    /// <summary>Takes the next update; gives those that may be shown now.</summary>
    public async ValueTask<IReadOnlyList<ChatResponseUpdate>> TakeAsync(ChatResponseUpdate update, CancellationToken cancellationToken)
    {
        update = await ApproveAsync(update, cancellationToken).ConfigureAwait(false);
        foreach (var text in _texts)
            text.Append(update.Contents);
        await StartBesidesAsync(isLast: false, cancellationToken).ConfigureAwait(false);
        if (Block is not null)
            return [];
        if (!Holds)
            return [update];
        _held.Add(update);
        if (_holdsAll || !Array.Exists(_texts, text => text.Unseen >= _window.Length))
            return [];
        return await EvaluateWindowsAsync(isLast: false, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the answer; gives what was held and may be shown.</summary>
    public async ValueTask<IReadOnlyList<ChatResponseUpdate>> CompleteAsync(CancellationToken cancellationToken)
    {
        await StartBesidesAsync(isLast: true, cancellationToken).ConfigureAwait(false);
        if (Block is not null)
            return [];
        if (!_holdsAll)
        {
            // A form that is only observed is not waited for: it is told when the answer is over.
            if (Form is { } form)
                await form.EnsureAsync(_texts[0].All, cancellationToken).ConfigureAwait(false);
            return await EvaluateWindowsAsync(isLast: true, cancellationToken).ConfigureAwait(false);
        }

        await EvaluateAllAsync(cancellationToken).ConfigureAwait(false);
        return Block is null ? Released() : [];
    }

    /// <summary>Looks at an answer that is whole.</summary>
    public async ValueTask<List<ChatMessage>> CheckAsync(IList<ChatMessage> messages, CancellationToken cancellationToken)
    {
        var checkedMessages = new List<ChatMessage>(messages.Count);
        foreach (var message in messages)
            checkedMessages.Add(AnswerMessage.With(message, await ApproveAsync(message.Contents, cancellationToken).ConfigureAwait(false)));
        foreach (var text in _texts)
            text.Append(checkedMessages.SelectMany(message => message.Contents));
        if (Block is null)
            await EvaluateAllAsync(cancellationToken).ConfigureAwait(false);
        return Block is null ? [.. checkedMessages.Select(message => AnswerMessage.With(message, Put(message.Contents)))] : checkedMessages;
    }

    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
    }

    private async ValueTask<ChatResponseUpdate> ApproveAsync(ChatResponseUpdate update, CancellationToken cancellationToken)
    {
        var contents = await ApproveAsync(update.Contents, cancellationToken).ConfigureAwait(false);
        return ReferenceEquals(contents, update.Contents) ? update : UpdateFilter.With(update, contents);
    }

    private async ValueTask<IList<AIContent>> ApproveAsync(IList<AIContent> contents, CancellationToken cancellationToken)
    {
        List<AIContent>? output = null;
        for (var i = 0; i < contents.Count; i++)
        {
            var allowed = contents[i];
            if (allowed is FunctionCallContent call)
            {
                _hasToolCalls = true;
                allowed = _tools is null || _context.Policy.Observe ? call : await _tools.AskAsync(call, cancellationToken).ConfigureAwait(false);
                Block ??= _tools?.Block;
            }

            if (output is null && !ReferenceEquals(allowed, contents[i]))
                output = [.. contents.Take(i)];
            if (allowed is not null)
                output?.Add(allowed);
        }

        HasChanged |= output is not null;
        return output ?? contents;
    }

    /// <summary>Gets what holds the answer to its form; <see langword="null"/> where nothing does. An answer that calls tools is not the last word.</summary>
    private FormatRail? Form => _context.Policy.Format is { } format && !_hasToolCalls ? new(_context, _inner, format) : null;

    private static (int Length, int Overlap) WindowOf(GuardRule[] guards)
    {
        if (guards.Length == 0)
            return (int.MaxValue, 0);
        var length = guards.Min(guard => guard.Options.WindowLength);
        return (length, Math.Min(length - 1, guards.Max(guard => guard.Options.WindowOverlap)));
    }

    /// <summary>Asks about all of the answer: first whether it has its form, then whether it may be shown.</summary>
    private async ValueTask EvaluateAllAsync(CancellationToken cancellationToken)
    {
        foreach (var text in _texts)
        {
            if (Block is null)
                Heed(text, await EvaluateAsync(text.All, text.IsReasoning ? null : Form, cancellationToken).ConfigureAwait(false));
        }
    }

    private async ValueTask<GuardedText> EvaluateAsync(string text, FormatRail? form, CancellationToken cancellationToken)
    {
        var formed = form is null ? new GuardedText(text, null) : await form.EnsureAsync(text, cancellationToken).ConfigureAwait(false);
        if (formed.BlockedBy is not null || formed.Text.Length == 0)
            return formed;
        var guarded = await _runner.RunAsync(_context.Policy.RulesOf(Rail.Output).Guards, Rail.Output, formed.Text, isPartial: false, cancellationToken).ConfigureAwait(false);
        if (guarded is { HasChanged: true, BlockedBy: null } && form?.Breaks(guarded.Text) == true)
            guarded = form.GivenUp();
        return guarded with { ChangedBy = guarded.ChangedBy ?? formed.ChangedBy };
    }

    private async ValueTask<IReadOnlyList<ChatResponseUpdate>> EvaluateWindowsAsync(bool isLast, CancellationToken cancellationToken)
    {
        foreach (var text in _texts)
        {
            var window = text.Next(_window.Overlap);
            if (!window.HasNew || _guards.Length == 0 || Block is not null)
                continue;
            var guarded = await _runner.RunAsync(_guards, Rail.Output, window.Text, isPartial: !(isLast && window.IsFromStart), cancellationToken).ConfigureAwait(false);
            // What was shown already cannot be changed.
            if (guarded.HasChanged && !guarded.Text.StartsWith(window.Text[..window.Overlap], StringComparison.Ordinal))
                guarded = Unchanged(guarded);
            Heed(text, guarded with { Text = guarded.BlockedBy is null ? guarded.Text[window.Overlap..] : "" });
        }

        return Block is null ? Released() : [];
    }

    /// <summary>Does what guards say.</summary>
    private void Heed(GatedText text, in GuardedText guarded)
    {
        Stop(guarded);
        if (Block is not null || !guarded.HasChanged)
            return;
        HasChanged = true;
        text.Replace(guarded.Text);
    }

    private ChatResponseUpdate[] Released()
    {
        ChatResponseUpdate[] released = [.. _held.Select(update => Put(update.Contents) is var contents && ReferenceEquals(contents, update.Contents) ? update : UpdateFilter.With(update, contents))];
        _held.Clear();
        foreach (var text in _texts)
            text.EndReplacement();
        return released;
    }

    private IList<AIContent> Put(IList<AIContent> contents) => _texts.Aggregate(contents, static (put, text) => text.Put(put));

    /// <summary>Has guards look at what is shown meanwhile, a window at a time, and hears what they have said by now.</summary>
    private async ValueTask StartBesidesAsync(bool isLast, CancellationToken cancellationToken)
    {
        if (_besides.Length == 0)
            return;
        foreach (var text in _texts)
        {
            if (text.UnseenBeside < (isLast ? 1 : _besideWindow.Length))
                continue;
            var window = text.NextBeside(_besideWindow.Overlap);
            _running.Add(_runner.RunAsync(_besides, Rail.Output, window.Text, isPartial: !(isLast && window.IsFromStart), _left.Token).AsTask());
        }

        if (isLast)
            await Task.WhenAll(_running).WaitAsync(cancellationToken).ConfigureAwait(false);
        // What is shown already cannot be changed.
        foreach (var ended in _running.FindAll(task => task.IsCompleted))
            Stop(Unchanged(await ended.ConfigureAwait(false)));
        _running.RemoveAll(task => task.IsCompleted);
    }

    /// <summary>Gives what a verdict comes to where the text cannot be changed any more: whoever would have changed it blocks it.</summary>
    private GuardedText Unchanged(in GuardedText guarded)
    {
        if (guarded is not { ChangedBy: { } guard, BlockedBy: null })
            return guarded;
        _context.Findings.Add(new(Rail.Output, RailVerdict.Block, guard, Observed: false));
        return guarded with { BlockedBy = guard };
    }

    private void Stop(in GuardedText guarded)
    {
        if (guarded.BlockedBy is { } rule && !_context.Policy.Observe)
            Block ??= new(Rail.Output, rule);
    }
}
