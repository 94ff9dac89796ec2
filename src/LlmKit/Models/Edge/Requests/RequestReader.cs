using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Models;

/// <summary>Goes through a request once and hands each part that costs tokens to a sink; notes what the request needs on the way.</summary>
internal struct RequestReader<TSink>(TSink sink)
    where TSink : struct, IRequestSink
{
    public TSink Sink = sink;
    public ModelCapabilities Needs;
    public string? State;
    public string? Reasoning;

    public void Read(IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        for (var i = 0; i < messages.Count; i++)
            Read(messages[i] ?? throw RequestMessages.NoMessage(i), i);
        Read(options);
    }

    private void Read(ChatMessage message, int index)
    {
        Sink.Message();
        var contents = message.Contents;
        for (var i = 0; i < contents.Count; i++)
            Read(contents[i] ?? throw RequestMessages.NoContent(i, index));
    }

    private void Read(ChatOptions? options)
    {
        if (options is null)
            return;
        if (options.Instructions is { Length: > 0 } instructions)
        {
            Sink.Message();
            Sink.Text(instructions);
        }

        if (options.Tools is { Count: > 0 } tools)
        {
            Needs |= ModelCapabilities.Tools;
            foreach (var tool in tools)
                Read(tool);
        }

        if (options.ResponseFormat is ChatResponseFormatJson { Schema: { } schema })
        {
            Needs |= ModelCapabilities.StructuredOutput;
            Tool(ToolText.Minified(schema));
        }

        State ??= options.ConversationId ?? ProviderState.Of(options.ContinuationToken);
    }

    private void Read(AIContent content)
    {
        switch (content)
        {
            case TextContent text:
                Text(text.Text);
                break;
            case TextReasoningContent reasoning:
                Text(reasoning.Text);
                // Whoever answered last could take what was there before.
                Reasoning = reasoning.ProtectedData is { Length: > 0 } sealedData ? sealedData : Reasoning;
                break;
            case FunctionCallContent call:
                Text(call.Name);
                Text(ToolText.Arguments(call));
                break;
            case FunctionResultContent result:
                Text(ToolText.Result(result));
                break;
            case DataContent data:
                Media(data, data.MediaType, data.Data.Span);
                break;
            case UriContent uri:
                Media(uri, uri.MediaType, bytes: []);
                break;
            default:
                State ??= ProviderState.Of(content);
                break;
        }
    }

    private void Read(AITool tool)
    {
        Tool(tool.Name);
        Tool(tool.Description);
        if (ProviderState.InputsOf(tool) is { Count: > 0 } inputs)
            State ??= inputs.Select(ProviderState.Of).FirstOrDefault(state => state is not null);
        if (tool is AIFunctionDeclaration function)
            Tool(ToolText.Minified(function.JsonSchema));
    }

    private void Media(AIContent content, string mediaType, ReadOnlySpan<byte> bytes)
    {
        Needs |= mediaType.StartsWith("image/", StringComparison.OrdinalIgnoreCase) ? ModelCapabilities.Images
            : mediaType.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) ? ModelCapabilities.Audio
            : ModelCapabilities.Files;
        Sink.Media(content, mediaType, bytes);
    }

    private void Text(string? text)
    {
        if (!string.IsNullOrEmpty(text))
            Sink.Text(text);
    }

    private void Tool(string? text)
    {
        if (!string.IsNullOrEmpty(text))
            Sink.Tool(text);
    }
}
