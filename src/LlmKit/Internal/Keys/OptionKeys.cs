using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Internal.Keys;

/// <summary>Hashes options: what is not set and what is empty are the same.</summary>
internal static class OptionKeys
{
    public static void Write(KeyWriter key, ChatOptions options)
    {
        key.Tag('O');
        WriteClass(key, options.GetType());
        key.Text(options.Instructions);
        key.Number(options.Temperature);
        key.Number(options.TopP);
        key.Number((long?)options.TopK);
        key.Number(options.Seed);
        key.Number(options.FrequencyPenalty);
        key.Number(options.PresencePenalty);
        key.Number((long?)options.MaxOutputTokens);
        key.Number(options.StopSequences?.Count ?? 0L);
        if (options.StopSequences is { Count: > 0 } stops)
        {
            foreach (var stop in stops)
                key.Text(stop);
        }

        key.Number((long?)options.Reasoning?.Effort);
        key.Number((long?)options.Reasoning?.Output);
        key.Flag(options.AllowBackgroundResponses is true);
        WriteFormat(key, options.ResponseFormat);
        WriteTools(key, options);
        ValueKeys.WriteProperties(key, options.AdditionalProperties, except: IdentityResolver.Prefix);
    }

    /// <summary>Writes the name of a class of somebody else's, of whose own members nothing is known.</summary>
    private static void WriteClass(KeyWriter key, Type type)
    {
        var isKnown = type == typeof(LlmCallOptions) || type == typeof(ChatOptions);
        key.Text(isKnown ? null : type.FullName);
        if (!isKnown)
            key.Fail("options of an unknown class");
    }

    private static void WriteFormat(KeyWriter key, ChatResponseFormat? format)
    {
        switch (format)
        {
            case null:
                key.Tag('-');
                break;
            case ChatResponseFormatText:
                key.Tag('t');
                break;
            case ChatResponseFormatJson json:
                key.Tag('j');
                key.Text(json.SchemaName);
                key.Text(json.SchemaDescription);
                ValueKeys.Write(key, json.Schema.GetValueOrDefault());
                break;
            default:
                key.Fail("a response format of an unknown kind");
                break;
        }
    }

    private static void WriteTools(KeyWriter key, ChatOptions options)
    {
        key.Tag('T');
        if (options.Tools is not { Count: > 0 } tools)
            return;
        foreach (var tool in tools)
            WriteTool(key, tool);
        key.Tag('.');
        key.Flag(options.AllowMultipleToolCalls);
        switch (options.ToolMode)
        {
            case null:
                key.Tag('-');
                break;
            case RequiredChatToolMode required:
                key.Tag('r');
                key.Text(required.RequiredFunctionName);
                break;
            case AutoChatToolMode:
                key.Tag('a');
                break;
            case NoneChatToolMode:
                key.Tag('n');
                break;
            default:
                key.Fail("a tool mode of an unknown kind");
                break;
        }
    }

    private static void WriteTool(KeyWriter key, AITool tool)
    {
        if (tool is not AIFunctionDeclaration function)
        {
            HostedToolKeys.Write(key, tool);
            return;
        }

        key.Tag('f');
        key.Text(function.Name);
        key.Text(function.Description);
        ValueKeys.Write(key, function.JsonSchema);
        ValueKeys.Write(key, function.ReturnJsonSchema.GetValueOrDefault());
        ValueKeys.WriteProperties(key, tool.AdditionalProperties);
    }
}
