using Microsoft.Extensions.AI;

namespace LlmKit.Testing;

/// <summary>One request as a <see cref="ScriptedChatClient"/> received it.</summary>
/// <param name="Messages">The messages, copied.</param>
/// <param name="Options">The options, as given.</param>
/// <param name="IsStreaming">Whether a stream was asked for.</param>
public sealed record ScriptedRequest(IReadOnlyList<ChatMessage> Messages, ChatOptions? Options, bool IsStreaming)
{
    /// <summary>Gets all text of all messages.</summary>
    public string Text => string.Join("\n", Messages.Select(message => message.Text));
}
