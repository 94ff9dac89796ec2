using LlmKit.Calls;
using LlmKit.Text;
using LlmKit.Text.Streaming;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.Guardrails;

/// <summary>Looks at one answer, whole or as it streams. One instance for one answer.</summary>
/// <remarks>A part of a text ends where other content begins: text, reasoning and tool calls are looked at each by itself, in their order.</remarks>
internal sealed class OutputRail(GuardrailPolicy policy, TextRedactor redactor, LlmCall call)
{
    private readonly List<TextHit> _hits = [];
    private StreamRedactor? _text;
    private StreamRedactor? _reasoning;

    /// <summary>Gets the rule that blocks the answer; <see langword="null"/> while none does.</summary>
    public string? BlockedBy { get; private set; }

    /// <summary>Gets whether anything was found so far in parts that have ended.</summary>
    public bool HasFound => _hits.Count > 0;

    /// <summary>Gets whether a part is still open.</summary>
    public bool IsHolding => _text is not null || _reasoning is not null;

    /// <summary>Gives a copy of a whole message with what may be shown of it.</summary>
    public ChatMessage Clean(ChatMessage message)
    {
        var contents = Take(message.Contents);
        var output = ReferenceEquals(contents, message.Contents) ? [.. contents] : (List<AIContent>)contents;
        EndReasoning(output);
        EndText(output);
        var copy = message.Clone();
        copy.Contents = output;
        return copy;
    }

    /// <summary>Takes the next contents; gives those that may go on now. The very list comes back when nothing was changed or held.</summary>
    public IList<AIContent> Take(IList<AIContent> contents)
    {
        List<AIContent>? output = null;
        for (var i = 0; i < contents.Count && BlockedBy is null; i++)
        {
            var content = contents[i];
            if (output is null && PassesUnchanged(content))
                continue;
            output ??= [.. contents.Take(i)];
            Add(output, content);
        }

        return output ?? contents;

        // Usage is no text and ends none.
        static bool PassesUnchanged(AIContent content) => content is UsageContent;
    }

    /// <summary>Ends the answer: what was held back is decided now.</summary>
    public List<AIContent> Complete()
    {
        var output = new List<AIContent>();
        EndReasoning(output);
        EndText(output);
        return output;
    }

    /// <summary>Records what was found, once, when the answer has ended in any way.</summary>
    public void Record()
    {
        if (_hits.Count == 0)
            return;
        GuardrailTelemetry.Record(call, Rail.Output, _hits, policy.Observe);
        if (!policy.Observe)
            call.Mark(BlockedBy is null ? AnswerMarks.Rewritten : AnswerMarks.Blocked);
        _hits.Clear();
    }

    private void Add(List<AIContent> output, AIContent content)
    {
        switch (content)
        {
            case TextContent text:
                EndReasoning(output);
                AddText(output, (_text ??= redactor.OpenStream()).Append(text.Text), text);
                Check(_text);
                break;
            case TextReasoningContent reasoning:
                EndText(output);
                var thought = (_reasoning ??= redactor.OpenStream()).Append(reasoning.Text);
                if (thought.Length > 0)
                    output.Add(thought == reasoning.Text ? reasoning : new TextReasoningContent(thought));
                Check(_reasoning);
                break;
            case UsageContent:
                output.Add(content);
                break;
            default:
                EndReasoning(output);
                EndText(output);
                output.Add(content);
                break;
        }
    }

    private static void AddText(List<AIContent> output, string released, TextContent original)
    {
        if (released.Length > 0)
            output.Add(released == original.Text ? original : new TextContent(released) { AdditionalProperties = original.AdditionalProperties });
    }

    private void EndText(List<AIContent> output)
    {
        if (_text is null)
            return;
        var rest = _text.Complete();
        if (rest.Length > 0 && output.LastOrDefault() is TextContent before)
            output[^1] = new TextContent(before.Text + rest) { AdditionalProperties = before.AdditionalProperties };
        else if (rest.Length > 0)
            output.Add(new TextContent(rest));
        End(ref _text);
    }

    private void EndReasoning(List<AIContent> output)
    {
        if (_reasoning is null)
            return;
        var rest = _reasoning.Complete();
        if (rest.Length > 0)
            output.Add(new TextReasoningContent(rest));
        End(ref _reasoning);
    }

    private void End(ref StreamRedactor? stream)
    {
        Check(stream!);
        _hits.AddRange(stream!.Hits);
        stream = null;
    }

    private void Check(StreamRedactor stream)
    {
        if (BlockedBy is not null)
            return;
        for (var i = 0; i < stream.Hits.Count; i++)
        {
            if (!BlockingDetector.IsBlocking(stream.Hits[i].Rule))
                continue;
            BlockedBy = BlockingDetector.NameOf(stream.Hits[i].Rule);
            _hits.AddRange(stream.Hits);
            return;
        }
    }
}
