using Microsoft.Extensions.AI;

namespace LlmKit.Control.Guardrails;

/// <summary>The turns of a conversation: what is new in it, and what was refused when it was new.</summary>
internal sealed class Turns
{
    private readonly IReadOnlyList<ChatMessage> _messages;
    private readonly int _firstNew;
    private readonly int _leading;
    private readonly HashSet<int>? _refused;

    public Turns(IReadOnlyList<ChatMessage> messages, string blockedAnswer)
    {
        _messages = messages;
        _firstNew = FirstNewOf(messages, blockedAnswer);
        while (_leading < messages.Count && messages[_leading].Role == ChatRole.System)
            _leading++;
        var isRefused = false;
        for (var i = _firstNew - 1; i >= _leading; i--)
        {
            if (EndsTurn(messages[i]))
                isRefused = RailBlock.HasRefused(messages[i], blockedAnswer);
            else if (isRefused && (messages[i].Role != ChatRole.System || HoldsDocuments(messages[i])))
                (_refused ??= []).Add(i);
        }
    }

    /// <summary>Whether a text came after the model's last turn. What the model has said was looked at when it said it.</summary>
    /// <remarks>Documents in the system messages before a conversation belong to no turn: they are given anew in each call.</remarks>
    public bool IsNew(int message, Rail rail)
    {
        var role = _messages[message].Role;
        if (rail == Rail.Input)
            return message >= _firstNew && role != ChatRole.Assistant;
        return message >= _firstNew || message < _leading;
    }

    /// <summary>Whether a message was refused in an earlier turn: it does not block the conversation for ever, and reaches no model later.</summary>
    public bool WasRefused(int message) => _refused?.Contains(message) == true;

    private static int FirstNewOf(IReadOnlyList<ChatMessage> messages, string blockedAnswer)
    {
        var index = messages.Count;
        // Words that the model is to go on from end no turn.
        while (index > 0 && messages[index - 1].Role == ChatRole.Assistant && !RailBlock.HasRefused(messages[index - 1], blockedAnswer))
            index--;
        while (index > 0 && !EndsTurn(messages[index - 1]))
            index--;
        return index;
    }

    // No model gives documents: a message that holds one was written by the application, whatever its role.
    private static bool EndsTurn(ChatMessage message) => message.Role == ChatRole.Assistant && !HoldsDocuments(message);

    private static bool HoldsDocuments(ChatMessage message)
    {
        for (var i = 0; i < message.Contents.Count; i++)
        {
            if (message.Contents[i].IsRetrieved())
                return true;
        }

        return false;
    }
}
