using Microsoft.Extensions.AI;

namespace LlmKit.Control.Guardrails;

/// <summary>Passes the updates of a stream through a flow of contents: what is changed is put into a copy of the update it came with.</summary>
internal sealed class UpdateFilter(ContentFlow flow)
{
    private readonly List<ChatResponseUpdate> _shown = new(1);
    private List<ChatResponseUpdate>? _usage;
    private ChatResponseUpdate? _last;

    /// <summary>Gives what may be shown now that an update has come, often just that. The list is good until the next call.</summary>
    public IReadOnlyList<ChatResponseUpdate> Take(ChatResponseUpdate update)
    {
        _shown.Clear();
        if (IsOfAnotherMessage(update))
            EndText();
        // What is held of the text stands before the usage that is told behind it.
        if (flow.IsHolding && update is { FinishReason: null, Contents.Count: > 0 } && update.Contents.All(static content => content is UsageContent))
        {
            (_usage ??= []).Add(update);
            return _shown;
        }

        _last = update;
        if (Changed(update) is { } shown)
            _shown.Add(shown);
        if (!flow.IsHolding)
            ReleaseUsage();
        return _shown;
    }

    /// <summary>Gives what was still held back when the stream ended. The list is good until the next call.</summary>
    public IReadOnlyList<ChatResponseUpdate> Complete()
    {
        _shown.Clear();
        EndText();
        return _shown;
    }

    /// <summary>Gives a copy of an update with other contents. What the provider sent goes: it holds what was taken out.</summary>
    public static ChatResponseUpdate With(ChatResponseUpdate update, IList<AIContent> contents)
    {
        var copy = update.Clone();
        copy.Contents = contents;
        copy.RawRepresentation = null;
        return copy;
    }

    private bool IsOfAnotherMessage(ChatResponseUpdate update) =>
        flow.IsOpen && update.MessageId is { } id && _last?.MessageId is { } before && !string.Equals(id, before, StringComparison.Ordinal);

    private ChatResponseUpdate? Changed(ChatResponseUpdate update)
    {
        var contents = flow.Take(update.Contents);
        // The text is over when the finish reason comes, so what was held back goes out with it.
        if (update.FinishReason is not null && flow.IsOpen && flow.Complete() is { } rest)
        {
            contents = [.. contents];
            ContentFlow.Append(contents, rest);
        }

        if (ReferenceEquals(contents, update.Contents))
            return update;
        return contents.Count == 0 && update.Contents.Count > 0 && update.FinishReason is null ? null : With(update, contents);
    }

    private void EndText()
    {
        if (flow.Complete() is { } rest)
            _shown.Add(With(_last ?? new(ChatRole.Assistant, []), [rest]));
        ReleaseUsage();
    }

    private void ReleaseUsage()
    {
        if (_usage is null)
            return;
        _shown.AddRange(_usage);
        _usage = null;
    }
}
