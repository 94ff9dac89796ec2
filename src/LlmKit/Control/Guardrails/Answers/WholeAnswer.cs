using LlmKit.Internal;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.Guardrails;

/// <summary>Looks at an answer that came whole.</summary>
internal sealed class WholeAnswer
{
    private readonly RailContext _context;
    private readonly AnswerReader _reader;
    private readonly AnswerGate? _gate;

    public WholeAnswer(RailContext context, IChatClient inner)
    {
        _context = context;
        _reader = new(context);
        _gate = AnswerGate.Of(context, inner, _reader.Tools);
    }

    /// <summary>Gets what stops the answer; <see langword="null"/> when nothing does.</summary>
    public RailBlock? Block { get; private set; }

    /// <summary>Whether nothing in an answer is to be looked at more closely: most have none.</summary>
    public static bool IsClean(RailContext context, ChatResponse response)
    {
        var policy = context.Policy;
        if (policy.HasGate || policy.HasAnswerLimits || context.LeakWatcher is not null || context.HasPlaceholders)
            return false;
        foreach (var message in response.Messages)
        {
            if (!IsClean(context, message.Contents))
                return false;
        }

        return true;
    }

    /// <summary>Gives what may be shown of the answer; the very answer when that is all of it.</summary>
    public async ValueTask<ChatResponse> CheckAsync(ChatResponse response, CancellationToken cancellationToken)
    {
        var messages = Read(response.Messages);
        Block = _reader.Block;
        if (Block is null && _gate is not null)
        {
            messages = await _gate.CheckAsync(messages, cancellationToken).ConfigureAwait(false);
            Block = _gate.Block;
        }

        if (Block is null && _context.HasPlaceholders)
            messages = [.. messages.Select(Restore)];
        var isSame = messages.Count == response.Messages.Count && messages.Zip(response.Messages).All(pair => ReferenceEquals(pair.First, pair.Second));
        if (isSame)
            return response;
        var shown = AnswerCopy.With(response, messages);
        if (_reader.IsCut)
            shown.FinishReason = ChatFinishReason.Length;
        return shown;
    }

    /// <summary>A rule that failed has said nothing, so the answer does not pass.</summary>
    public void Fail(Exception exception)
    {
        _context.Findings.AddFailure(Rail.Output, GuardrailTelemetry.NotEvaluated, exception, blocks: true, observed: false);
        Block = new(Rail.Output, GuardrailTelemetry.NotEvaluated);
    }

    /// <summary>Ends the answer however it ended: what was found is on record.</summary>
    public void Leave()
    {
        _reader.Leave();
        if (_gate?.HasChanged == true && !_context.Policy.Observe)
            _context.Call.Mark(Calls.AnswerMarks.Rewritten);
        _gate?.Dispose();
        _context.Record();
    }

    private static bool IsClean(RailContext context, IList<AIContent> contents)
    {
        var rules = context.Policy.RulesOf(Rail.Output);
        var isBehindText = false;
        for (var i = 0; i < contents.Count; i++)
        {
            if (contents[i] is ErrorContent || contents[i].Annotations is { Count: > 0 } || (contents[i] is FunctionCallContent && context.Policy.HasToolRail))
                return false;
            var text = (contents[i] as TextContent)?.Text ?? (contents[i] as TextReasoningContent)?.Text;
            if (text is null)
            {
                isBehindText &= contents[i] is UsageContent;
                continue;
            }

            // Texts in a row are one text.
            if (isBehindText)
                return false;
            isBehindText = true;
            if (context.AnswerRedactor?.Examine(text).IsEmpty == false || rules.Watcher?.Examine(text).IsEmpty == false)
                return false;
        }

        return true;
    }

    private List<ChatMessage> Read(IList<ChatMessage> messages)
    {
        var output = new List<ChatMessage>(messages.Count);
        foreach (var message in messages)
            output.Add(Through(_reader.Flow, message));
        return output;
    }

    private ChatMessage Restore(ChatMessage message) => Through(new AnswerRestorer(_context.Placeholders, AnswerRestorer.IsJson(_context.Options)).Flow, message);

    /// <summary>Passes a message through a flow. A message ends its texts.</summary>
    private static ChatMessage Through(ContentFlow flow, ChatMessage message)
    {
        var contents = flow.Take(message.Contents);
        if (flow.Complete() is { } rest)
        {
            contents = [.. contents];
            ContentFlow.Append(contents, rest);
        }

        return AnswerMessage.With(message, contents);
    }
}
