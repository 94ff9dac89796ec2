using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using ChatFinishReason = Microsoft.Extensions.AI.ChatFinishReason;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Quickstart;

/// <summary>What an application would write itself around OpenAI's SDK: text, tools and streams, and nothing else.</summary>
internal sealed class BareOpenAIChatClient(ChatClient client) : IChatClient
{
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var completion = (await client.CompleteChatAsync(messages.Select(ToOpenAI), ToOpenAI(options), cancellationToken)).Value;
        List<AIContent> contents = [.. completion.Content.Select(part => new TextContent(part.Text)), .. completion.ToolCalls.Select(call => ToCall(call.Id, call.FunctionName, call.FunctionArguments.ToString()))];
        return new(new ChatMessage(ChatRole.Assistant, contents)) { FinishReason = completion.Refusal is null ? Reason(completion.FinishReason) : ChatFinishReason.ContentFilter };
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var refused = false;
        var calls = new SortedDictionary<int, (string Id, string Name, StringBuilder Arguments)>();
        await foreach (var update in client.CompleteChatStreamingAsync(messages.Select(ToOpenAI), ToOpenAI(options), cancellationToken))
        {
            foreach (var part in update.ToolCallUpdates)
            {
                if (!calls.TryGetValue(part.Index, out var call))
                    calls[part.Index] = call = (part.ToolCallId, part.FunctionName, new());
                call.Arguments.Append(part.FunctionArgumentsUpdate?.ToString());
            }

            refused |= !string.IsNullOrEmpty(update.RefusalUpdate);
            var text = string.Concat(update.ContentUpdate.Select(part => part.Text));
            yield return new(ChatRole.Assistant, text)
            {
                FinishReason = update.FinishReason is not { } reason ? null : refused ? ChatFinishReason.ContentFilter : Reason(reason),
            };
        }

        if (calls.Count > 0)
            yield return new(ChatRole.Assistant, [.. calls.Values.Select(call => ToCall(call.Id, call.Name, call.Arguments.ToString()))]);
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }

    private static OpenAI.Chat.ChatMessage ToOpenAI(ChatMessage message)
    {
        if (message.Contents.OfType<FunctionResultContent>().FirstOrDefault() is { } result)
            return new ToolChatMessage(result.CallId, result.Result?.ToString() ?? "");
        var calls = message.Contents.OfType<FunctionCallContent>()
            .Select(call => ChatToolCall.CreateFunctionToolCall(call.CallId, call.Name, BinaryData.FromString(JsonSerializer.Serialize(call.Arguments))))
            .ToList();
        return message.Role == ChatRole.System ? new SystemChatMessage(message.Text)
            : calls.Count > 0 ? new AssistantChatMessage(calls)
            : message.Role == ChatRole.Assistant ? new AssistantChatMessage(message.Text)
            : new UserChatMessage(message.Text);
    }

    private static ChatCompletionOptions ToOpenAI(ChatOptions? options)
    {
        var completion = new ChatCompletionOptions { Temperature = options?.Temperature, MaxOutputTokenCount = options?.MaxOutputTokens };
        if (options?.ResponseFormat is ChatResponseFormatJson)
            completion.ResponseFormat = OpenAI.Chat.ChatResponseFormat.CreateJsonObjectFormat();
        foreach (var tool in options?.Tools?.OfType<AIFunction>() ?? [])
            completion.Tools.Add(ChatTool.CreateFunctionTool(tool.Name, tool.Description, BinaryData.FromString(tool.JsonSchema.GetRawText())));
        return completion;
    }

    private static FunctionCallContent ToCall(string id, string name, string arguments) =>
        new(id, name, JsonSerializer.Deserialize<Dictionary<string, object?>>(arguments));

    private static ChatFinishReason Reason(OpenAI.Chat.ChatFinishReason reason) => reason switch
    {
        OpenAI.Chat.ChatFinishReason.Length => ChatFinishReason.Length,
        OpenAI.Chat.ChatFinishReason.ContentFilter => ChatFinishReason.ContentFilter,
        OpenAI.Chat.ChatFinishReason.ToolCalls => ChatFinishReason.ToolCalls,
        _ => ChatFinishReason.Stop,
    };
}
