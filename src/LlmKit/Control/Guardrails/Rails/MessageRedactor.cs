using System.Text.Json;
using LlmKit.Text;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.Guardrails;

/// <summary>Redacts the texts of messages by copying what changes: the caller's messages are never changed, and what needs no change is not copied.</summary>
/// <param name="redactor">What to look for.</param>
/// <param name="removed">Takes each text in which something was found, and what.</param>
internal sealed class MessageRedactor(TextRedactor redactor, Action<string, IReadOnlyList<TextHit>> removed)
{
    public IReadOnlyList<ChatMessage> Redact(IReadOnlyList<ChatMessage> messages)
    {
        List<ChatMessage>? copy = null;
        for (var i = 0; i < messages.Count; i++)
        {
            var clean = Redact(messages[i]);
            if (copy is null && !ReferenceEquals(clean, messages[i]))
                copy = [.. messages.Take(i)];
            copy?.Add(clean);
        }

        return copy ?? messages;
    }

    private ChatMessage Redact(ChatMessage message)
    {
        List<AIContent>? contents = null;
        for (var i = 0; i < message.Contents.Count; i++)
        {
            var clean = Redact(message.Contents[i]);
            if (contents is null && !ReferenceEquals(clean, message.Contents[i]))
                contents = [.. message.Contents.Take(i)];
            contents?.Add(clean);
        }

        if (contents is null)
            return message;
        var copy = message.Clone();
        copy.Contents = contents;
        return copy;
    }

    private AIContent Redact(AIContent content)
    {
        switch (content)
        {
            case TextContent text:
                return Changed(text.Text) is { } clean ? new TextContent(clean) { AdditionalProperties = text.AdditionalProperties } : text;
            case TextReasoningContent reasoning:
                return Changed(reasoning.Text) is { } thought ? new TextReasoningContent(thought) { ProtectedData = reasoning.ProtectedData } : reasoning;
            case FunctionResultContent result:
                return Changed(ToolResultText.Of(result)) is { } told ? new FunctionResultContent(result.CallId, told) { Exception = result.Exception } : result;
            case FunctionCallContent { Arguments: { Count: > 0 } arguments } call:
                return Redact(call, arguments);
            default:
                return content;
        }
    }

    private FunctionCallContent Redact(FunctionCallContent call, IDictionary<string, object?> arguments)
    {
        Dictionary<string, object?>? copy = null;
        foreach (var (name, value) in arguments)
        {
            var text = value as string ?? (value is JsonElement { ValueKind: JsonValueKind.String } json ? json.GetString() : null);
            if (Changed(text) is { } clean)
                (copy ??= new(arguments))[name] = clean;
        }

        return copy is null ? call : new(call.CallId, call.Name, copy);
    }

    /// <summary>Gives the redacted text, or <see langword="null"/> when nothing was found.</summary>
    private string? Changed(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        var result = redactor.Inspect(text);
        if (!result.IsRedacted)
            return null;
        removed(text, result.Hits);
        return result.Text;
    }
}
