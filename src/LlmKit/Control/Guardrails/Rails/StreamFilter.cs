using Microsoft.Extensions.AI;

namespace LlmKit.Control.Guardrails;

/// <summary>Passes a stream's updates through an output rail: what a rail changes is put into a copy of the update it came with.</summary>
internal sealed class StreamFilter(OutputRail rail, Func<Exception, string?> failed)
{
    private ChatResponseUpdate? _last;
    private string? _failure;

    /// <summary>Gets the rule that blocks the answer; <see langword="null"/> while none does.</summary>
    public string? BlockedBy => _failure ?? rail.BlockedBy;

    /// <summary>Gives what may be shown of an update now; <see langword="null"/> for nothing.</summary>
    public ChatResponseUpdate? Take(ChatResponseUpdate update)
    {
        try
        {
            _last = update;
            var contents = rail.Take(update.Contents);
            // The text is over when the finish reason comes, so what was held back goes out with it.
            if (update.FinishReason is not null && rail.IsHolding)
                contents = [.. contents, .. rail.Complete()];
            if (ReferenceEquals(contents, update.Contents))
                return update;
            return contents.Count == 0 && update.Contents.Count > 0 && update.FinishReason is null ? null : With(update, contents);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            _failure = failed(exception);
            return null;
        }
    }

    /// <summary>Gives what was still held back when the stream ended; <see langword="null"/> for nothing.</summary>
    public ChatResponseUpdate? Complete()
    {
        try
        {
            var rest = rail.Complete();
            return rest.Count == 0 ? null : With(_last ?? new(ChatRole.Assistant, []), rest);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            _failure = failed(exception);
            return null;
        }
    }

    private static ChatResponseUpdate With(ChatResponseUpdate update, IList<AIContent> contents)
    {
        var copy = update.Clone();
        copy.Contents = contents;
        return copy;
    }
}
