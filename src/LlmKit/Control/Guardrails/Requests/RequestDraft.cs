using Microsoft.Extensions.AI;

namespace LlmKit.Control.Guardrails;

/// <summary>A request as it will be sent: the caller's messages are never changed, and what needs no change is not copied.</summary>
internal sealed class RequestDraft(IReadOnlyList<ChatMessage> original)
{
    private List<ChatMessage>? _copy;

    public IReadOnlyList<ChatMessage> Messages => _copy ?? original;

    public bool HasChanged => _copy is not null;

    /// <summary>Puts other content in the place of one.</summary>
    public void Set(int message, int content, AIContent replacement) => Own(message).Contents[content] = replacement;

    /// <summary>Puts one content in the place of several. The contents behind them move up.</summary>
    public void Set(int message, int content, int count, AIContent replacement)
    {
        if (count > 1)
            ((List<AIContent>)Own(message).Contents).RemoveRange(content + 1, count - 1);
        Set(message, content, replacement);
    }

    /// <summary>Gives the author of a message another name, or none.</summary>
    public void SetAuthor(int message, string? name) => Own(message).AuthorName = name;

    /// <summary>Adds what the application would have said, behind its own first words. Nothing can be set after that.</summary>
    public void AddInstruction(string text)
    {
        _copy ??= [.. original];
        var at = _copy.FindIndex(message => message.Role != ChatRole.System);
        _copy.Insert(at < 0 ? _copy.Count : at, new(ChatRole.System, text));
    }

    /// <summary>Gives the copy of a message that may be changed. What the caller's library made it from holds what is taken out of it, and may be sent in its place.</summary>
    private ChatMessage Own(int message)
    {
        _copy ??= [.. original];
        if (ReferenceEquals(_copy[message], original[message]))
        {
            var copy = original[message].Clone();
            copy.Contents = new List<AIContent>(original[message].Contents);
            copy.RawRepresentation = null;
            _copy[message] = copy;
        }

        return _copy[message];
    }
}
