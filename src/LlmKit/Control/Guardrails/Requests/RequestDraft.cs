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

    /// <summary>Gives the author of a message another name, or none.</summary>
    public void SetAuthor(int message, string? name) => Own(message).AuthorName = name;

    /// <summary>Adds what the application would have said, behind its own first words. Nothing can be set after that.</summary>
    public void AddInstruction(string text)
    {
        _copy ??= [.. original];
        var at = _copy.FindIndex(message => message.Role != ChatRole.System);
        _copy.Insert(at < 0 ? _copy.Count : at, new(ChatRole.System, text));
    }

    private ChatMessage Own(int message)
    {
        _copy ??= [.. original];
        if (ReferenceEquals(_copy[message], original[message]))
        {
            var copy = original[message].Clone();
            copy.Contents = [.. original[message].Contents];
            _copy[message] = copy;
        }

        return _copy[message];
    }
}
