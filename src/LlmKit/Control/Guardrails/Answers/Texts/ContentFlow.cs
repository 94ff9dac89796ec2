using Microsoft.Extensions.AI;

namespace LlmKit.Control.Guardrails;

/// <summary>Passes the contents of an answer on in their order, its texts through what is done to them.</summary>
/// <remarks>
/// A text ends where other content begins, and what was held back of it goes before that. Usage is no text and ends none. The very list
/// comes back when nothing was changed or held.
/// </remarks>
/// <param name="open">Opens a text, or a reasoning when it is told so.</param>
/// <param name="pass">Passes other content; <see langword="null"/> takes it out.</param>
/// <param name="cite">Passes what is said of a text's sources; <see langword="null"/> passes it as it is.</param>
internal sealed class ContentFlow(Func<bool, ITextRun> open, Func<AIContent, AIContent?> pass, Func<IList<AIAnnotation>?, IList<AIAnnotation>?>? cite = null)
{
    private ITextRun? _run;
    private bool _isReasoning;

    /// <summary>Gets whether a text is open.</summary>
    public bool IsOpen => _run is not null;

    /// <summary>Gets whether some of the open text is held back.</summary>
    public bool IsHolding => _run is { IsHolding: true };

    public IList<AIContent> Take(IList<AIContent> contents)
    {
        List<AIContent>? output = null;
        for (var i = 0; i < contents.Count; i++)
        {
            var content = contents[i];
            var rest = EndBefore(content);
            var passed = Pass(content);
            if (output is null && rest is null && ReferenceEquals(passed, content))
                continue;
            output ??= [.. contents.Take(i)];
            if (rest is not null)
                Append(output, rest);
            if (passed is not null)
                output.Add(passed);
        }

        return output ?? contents;
    }

    /// <summary>Ends the answer; gives what was held back, or <see langword="null"/>.</summary>
    public AIContent? Complete()
    {
        if (_run is not { } run)
            return null;
        _run = null;
        var rest = run.Complete();
        if (rest.Length == 0)
            return null;
        return _isReasoning ? new TextReasoningContent(rest) : new TextContent(rest);
    }

    /// <summary>Adds content; a text that follows on a text becomes one with it.</summary>
    public static void Append(IList<AIContent> output, AIContent content)
    {
        if (content is TextContent rest && output.Count > 0 && output[^1] is TextContent before)
            output[^1] = ContentText.With(before, before.Text + rest.Text);
        else
            output.Add(content);
    }

    private AIContent? EndBefore(AIContent next) => next switch
    {
        UsageContent => null,
        TextContent when !_isReasoning => null,
        TextReasoningContent when _isReasoning => null,
        _ => Complete(),
    };

    private AIContent? Pass(AIContent content)
    {
        if (content is not (TextContent or TextReasoningContent))
            return pass(content);
        _isReasoning = content is TextReasoningContent;
        var text = (content as TextContent)?.Text ?? ((TextReasoningContent)content).Text;
        _run ??= open(_isReasoning);
        var released = _run.Append(text);
        var isSame = ReferenceEquals(released, text) || text.Length == 0;
        var annotations = cite is null || content.Annotations is null ? content.Annotations : cite(content.Annotations);
        if (isSame && ReferenceEquals(annotations, content.Annotations))
            return content;
        if (released.Length == 0 && !HoldsMore(content))
            return null;
        var changed = ContentText.With(content, released);
        changed.Annotations = _run.HasChanged ? Citations.WithoutPlaces(annotations) : annotations;
        return changed;
    }

    private static bool HoldsMore(AIContent content) => content is TextReasoningContent { ProtectedData: not null } || content.Annotations is { Count: > 0 };
}
