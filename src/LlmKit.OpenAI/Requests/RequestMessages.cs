using Microsoft.Extensions.AI;
using Sdk = OpenAI.Chat;

namespace LlmKit.OpenAI.Requests;

/// <summary>Turns a conversation into the SDK's messages. Reasoning of earlier turns stays behind: chat completions do not take it back.</summary>
internal static class RequestMessages
{
    private static readonly ChatRole Developer = new("developer");

    internal static List<Sdk.ChatMessage> From(IEnumerable<ChatMessage> messages, string? instructions)
    {
        List<Sdk.ChatMessage> request = [];
        if (!string.IsNullOrWhiteSpace(instructions)) request.Add(new Sdk.SystemChatMessage(instructions));
        foreach (var message in messages)
        {
            if (message.Role == ChatRole.Assistant) request.Add(Assistant(message));
            else if (message.Role == ChatRole.System) request.Add(new Sdk.SystemChatMessage(Texts(message)) { ParticipantName = Names.Clean(message.AuthorName) });
            else if (message.Role == Developer) request.Add(new Sdk.DeveloperChatMessage(Texts(message)) { ParticipantName = Names.Clean(message.AuthorName) });
            else if (message.Role != ChatRole.Tool && !IsOnlyResults(message)) request.Add(User(message));

            // Answers to tool calls are messages of their own, whichever role brought them here.
            request.AddRange(message.Contents.OfType<FunctionResultContent>()
                .Select(result => new Sdk.ToolChatMessage(result.CallId, ToolText.OfResult(result))));
        }

        return request;
    }

    private static Sdk.UserChatMessage User(ChatMessage message)
    {
        var parts = MessageParts.Of(message.Contents);
        // One text goes as a string: several compatible servers read nothing else.
        return parts switch
        {
            [] => new("") { ParticipantName = Names.Clean(message.AuthorName) },
            [{ Kind: Sdk.ChatMessageContentPartKind.Text } only] => new(only.Text) { ParticipantName = Names.Clean(message.AuthorName) },
            _ => new(parts) { ParticipantName = Names.Clean(message.AuthorName) },
        };
    }

    private static Sdk.AssistantChatMessage Assistant(ChatMessage message)
    {
        var text = string.Concat(message.Contents.OfType<TextContent>().Select(t => t.Text));
        var refusal = message.Contents.OfType<ErrorContent>().FirstOrDefault(e => e.ErrorCode == Refusals.Code)?.Message;
        List<Sdk.ChatToolCall> calls = [.. message.Contents.OfType<FunctionCallContent>().Where(c => !c.InformationalOnly)
            .Select(c => Sdk.ChatToolCall.CreateFunctionToolCall(c.CallId, c.Name, BinaryData.FromString(ToolText.OfArguments(c))))];

        // A message of tool calls alone has no content, rather than an empty one.
        var assistant = calls.Count > 0 && text.Length == 0 ? new Sdk.AssistantChatMessage(calls) : new Sdk.AssistantChatMessage(text);
        if (text.Length > 0)
            foreach (var call in calls)
                assistant.ToolCalls.Add(call);
        assistant.ParticipantName = Names.Clean(message.AuthorName);
        if (!string.IsNullOrEmpty(refusal)) assistant.Refusal = refusal;
        return assistant;
    }

    private static bool IsOnlyResults(ChatMessage message) =>
        message.Contents.Count > 0 && message.Contents.All(c => c is FunctionResultContent);

    private static string Texts(ChatMessage message) => string.Concat(message.Contents.OfType<TextContent>().Select(t => t.Text));
}
