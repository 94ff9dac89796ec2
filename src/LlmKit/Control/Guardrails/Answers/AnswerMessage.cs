using Microsoft.Extensions.AI;

namespace LlmKit.Control.Guardrails;

/// <summary>Copies a message with other contents.</summary>
internal static class AnswerMessage
{
    /// <summary>Gives the very message when the contents are its own. What the provider sent goes with what was taken out of it.</summary>
    public static ChatMessage With(ChatMessage message, IList<AIContent> contents)
    {
        if (ReferenceEquals(contents, message.Contents))
            return message;
        var copy = message.Clone();
        copy.Contents = contents;
        copy.RawRepresentation = null;
        return copy;
    }
}
