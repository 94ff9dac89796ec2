using System.Text;
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
    private readonly StringBuilder _text = new();
    private readonly List<Task<GuardedText>> _running = [];
    private readonly CancellationTokenSource _left = new();
    private readonly bool _holdsAll;
    private readonly int _window;
    private readonly int _overlap;
    private int _seen;
    private int _shownBeside;
    private bool _hasToolCalls;

    private AnswerGate(RailContext context, IChatClient inner, ToolCallRail? tools)
    {
        (_context, _inner, _tools, _runner) = (context, inner, tools, new(context));
        var guards = context.Policy.RulesOf(Rail.Output).Guards;
        _holdsAll = context.Policy.Format is { Observed: false } || Array.Exists(guards, guard => guard.Options.Streaming == GuardStreaming.Whole && !guard.Observed);
        _holdsAll &= !context.Policy.Observe;
        _besides = _holdsAll ? [] : [.. guards.Where(guard => guard.Options.Streaming == GuardStreaming.Beside || guard.Observed || context.Policy.Observe)];
        _guards = _holdsAll ? guards : [.. guards.Except(_besides)];
        _window = guards.Length == 0 ? int.MaxValue : guards.Min(guard => guard.Options.WindowLength);
        _overlap = guards.Length == 0 ? 0 : Math.Min(_window - 1, guards.Max(guard => guard.Options.WindowOverlap));
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
        _text.Append(AnswerText.Of(update.Contents));
        await StartBesidesAsync(isLast: false, cancellationToken).ConfigureAwait(false);
        if (Block is not null)
            return [];
        if (!Holds)
            return [update];
        _held.Add(update);
        if (_holdsAll || _text.Length - _seen < _window)
            return [];
        return await EvaluateWindowAsync(cancellationToken).ConfigureAwait(false);
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
            if (_context.Policy.Format is { } format && !_hasToolCalls)
                await new FormatRail(_context, _inner, format).EnsureAsync(_text.ToString(), cancellationToken).ConfigureAwait(false);
            return await EvaluateWindowAsync(cancellationToken).ConfigureAwait(false);
        }

        var whole = await EvaluateAsync(_text.ToString(), cancellationToken).ConfigureAwait(false);
        return Block is null ? Released(whole) : [];
    }

    /// <summary>Looks at an answer that is whole.</summary>
    public async ValueTask<List<ChatMessage>> CheckAsync(IList<ChatMessage> messages, CancellationToken cancellationToken)
    {
        var checkedMessages = new List<ChatMessage>(messages.Count);
        foreach (var message in messages)
            checkedMessages.Add(AnswerMessage.With(message, await ApproveAsync(message.Contents, cancellationToken).ConfigureAwait(false)));
        var answer = AnswerText.Of(checkedMessages.SelectMany(message => message.Contents));
        var whole = Block is null ? await EvaluateAsync(answer, cancellationToken).ConfigureAwait(false) : default;
        if (Block is not null || !whole.HasChanged)
            return checkedMessages;
        var text = (string?)whole.Text;
        return [.. checkedMessages.Select(message => AnswerMessage.With(message, AnswerText.Put(message.Contents, ref text)))];
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

    /// <summary>Asks about the whole answer: first whether it has its form, then whether it may be shown.</summary>
    private async ValueTask<GuardedText> EvaluateAsync(string answer, CancellationToken cancellationToken)
    {
        var formed = new GuardedText(answer, null);
        // An answer that calls tools is not the last word.
        if (_context.Policy.Format is { } format && !_hasToolCalls)
            formed = await new FormatRail(_context, _inner, format).EnsureAsync(answer, cancellationToken).ConfigureAwait(false);
        if (formed.BlockedBy is null && formed.Text.Length > 0)
        {
            var guarded = await _runner.RunAsync(_context.Policy.RulesOf(Rail.Output).Guards, Rail.Output, formed.Text, isPartial: false, cancellationToken).ConfigureAwait(false);
            formed = guarded with { HasChanged = formed.HasChanged || guarded.HasChanged };
        }

        HasChanged |= formed.HasChanged;
        Stop(formed);
        return formed;
    }

    private async ValueTask<IReadOnlyList<ChatResponseUpdate>> EvaluateWindowAsync(CancellationToken cancellationToken)
    {
        var before = Math.Max(0, _seen - _overlap);
        var overlap = _text.ToString(before, _seen - before);
        var fresh = _text.ToString(_seen, _text.Length - _seen);
        _seen = _text.Length;
        var guarded = new GuardedText(fresh, null);
        if (fresh.Length > 0 && _guards.Length > 0)
            guarded = await _runner.RunAsync(_guards, Rail.Output, overlap + fresh, isPartial: true, cancellationToken).ConfigureAwait(false);
        // What was shown already cannot be changed.
        if (guarded.HasChanged && !guarded.Text.StartsWith(overlap, StringComparison.Ordinal))
            guarded = guarded with { BlockedBy = _guards[0].Guard.Name };
        Stop(guarded);
        if (Block is not null)
            return [];
        HasChanged |= guarded.HasChanged;
        return Released(guarded.HasChanged ? guarded with { Text = guarded.Text[overlap.Length..] } : guarded);
    }

    private ChatResponseUpdate[] Released(in GuardedText guarded)
    {
        var text = guarded.HasChanged ? guarded.Text : null;
        ChatResponseUpdate[] released = guarded.HasChanged
            ? [.. _held.Select(update => UpdateFilter.With(update, AnswerText.Put(update.Contents, ref text)))]
            : [.. _held];
        _held.Clear();
        return released;
    }

    /// <summary>Has guards look at what is shown meanwhile, a window at a time, and hears what they have said by now.</summary>
    private async ValueTask StartBesidesAsync(bool isLast, CancellationToken cancellationToken)
    {
        if (_besides.Length == 0)
            return;
        if (_text.Length - _shownBeside >= _window || (isLast && _text.Length > _shownBeside))
        {
            var before = Math.Max(0, _shownBeside - _overlap);
            _running.Add(_runner.RunAsync(_besides, Rail.Output, _text.ToString(before, _text.Length - before), isPartial: !isLast, _left.Token).AsTask());
            _shownBeside = _text.Length;
        }

        if (isLast)
            await Task.WhenAll(_running).WaitAsync(cancellationToken).ConfigureAwait(false);
        foreach (var ended in _running.FindAll(task => task.IsCompleted))
            Stop(await ended.ConfigureAwait(false));
        _running.RemoveAll(task => task.IsCompleted);
    }

    private void Stop(in GuardedText guarded)
    {
        if (guarded.BlockedBy is { } rule && !_context.Policy.Observe)
            Block ??= new(Rail.Output, rule);
    }
}
