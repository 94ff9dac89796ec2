using Microsoft.Extensions.AI;

namespace LlmKit.Control.Guardrails;

/// <summary>Passes the updates of a stream through a flow of contents: what is changed is put into a copy of the update it came with.</summary>
internal sealed class UpdateFilter(ContentFlow flow)
{
    private ChatResponseUpdate? _last;

    /// <summary>Gives what may be shown of an update now; <see langword="null"/> for nothing.</summary>
    public ChatResponseUpdate? Take(ChatResponseUpdate update)
    {
        _last = update;
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

    /// <summary>Gives what was still held back when the stream ended; <see langword="null"/> for nothing.</summary>
    public ChatResponseUpdate? Complete() => flow.Complete() is { } rest ? With(_last ?? new(ChatRole.Assistant, []), [rest]) : null;

    /// <summary>Gives a copy of an update with other contents. What the provider sent goes: it holds what was taken out.</summary>
    public static ChatResponseUpdate With(ChatResponseUpdate update, IList<AIContent> contents)
    {
        var copy = update.Clone();
        copy.Contents = contents;
        copy.RawRepresentation = null;
        return copy;
    }
}
