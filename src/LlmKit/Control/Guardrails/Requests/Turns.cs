using Microsoft.Extensions.AI;

namespace LlmKit.Control.Guardrails;

/// <summary>The turns of a conversation: what is new in it, and what was refused when it was new.</summary>
internal sealed class Turns
{
    private readonly IReadOnlyList<ChatMessage> _messages;
    private readonly int _firstNew;
    private readonly HashSet<int>? _refused;

    public Turns(IReadOnlyList<ChatMessage> messages, string blockedAnswer)
    {
        _messages = messages;
        _firstNew = FirstNewOf(messages, blockedAnswer);
        var isRefused = false;
        for (var i = _firstNew - 1; i >= 0; i--)
        {
            if (messages[i].Role == ChatRole.Assistant)
                isRefused = RailBlock.HasRefused(messages[i], blockedAnswer);
            else if (isRefused && messages[i].Role != ChatRole.System)
                (_refused ??= []).Add(i);
        }
    }

    /// <summary>Whether a message came after the model's last turn. What the model has said was looked at when it said it.</summary>
    public bool IsNew(int message) => message >= _firstNew && _messages[message].Role != ChatRole.Assistant;

    /// <summary>Whether a message was refused in an earlier turn: it does not block the conversation for ever, and reaches no model later.</summary>
    public bool WasRefused(int message) => _refused?.Contains(message) == true;

    private static int FirstNewOf(IReadOnlyList<ChatMessage> messages, string blockedAnswer)
    {
        var index = messages.Count;
        // Words that the model is to go on from end no turn.
        while (index > 0 && messages[index - 1].Role == ChatRole.Assistant && !RailBlock.HasRefused(messages[index - 1], blockedAnswer))
            index--;
        while (index > 0 && messages[index - 1].Role != ChatRole.Assistant)
            index--;
        return index;
    }
}
