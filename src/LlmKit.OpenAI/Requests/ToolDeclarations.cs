using System.Text.Json;
using Microsoft.Extensions.AI;
using Sdk = OpenAI.Chat;

namespace LlmKit.OpenAI.Requests;

/// <summary>Declares the caller's functions and how freely the model may call them.</summary>
/// <remarks>Hosted tools have no place in chat completions and are left out.</remarks>
internal static class ToolDeclarations
{
    private static readonly BinaryData NoParameters = BinaryData.FromString("""{"type":"object","properties":{}}""");

    internal static void Add(Sdk.ChatCompletionOptions request, ChatOptions options)
    {
        foreach (var tool in options.Tools ?? [])
            if (tool is AIFunctionDeclaration function)
                request.Tools.Add(Declare(function, options));

        // OpenAI refuses a choice among no tools.
        if (request.Tools.Count == 0) return;
        request.AllowParallelToolCalls ??= options.AllowMultipleToolCalls;
        request.ToolChoice ??= options.ToolMode switch
        {
            NoneChatToolMode => Sdk.ChatToolChoice.CreateNoneChoice(),
            AutoChatToolMode => Sdk.ChatToolChoice.CreateAutoChoice(),
            RequiredChatToolMode { RequiredFunctionName: { } name } => Sdk.ChatToolChoice.CreateFunctionChoice(name),
            RequiredChatToolMode => Sdk.ChatToolChoice.CreateRequiredChoice(),
            _ => null,
        };
    }

    private static Sdk.ChatTool Declare(AIFunctionDeclaration function, ChatOptions options)
    {
        var strict = KnownProperties.Flag(function.AdditionalProperties, KnownProperties.Strict)
            ?? KnownProperties.Flag(options.AdditionalProperties, KnownProperties.Strict);
        var schema = strict == true ? StrictSchema.Of(function) : function.JsonSchema;
        var description = string.IsNullOrEmpty(function.Description) ? null : function.Description;
        return Sdk.ChatTool.CreateFunctionTool(function.Name, description, Parameters(schema), strict);
    }

    // OpenAI refuses an object schema without properties, which is how a function without parameters may describe itself.
    private static BinaryData Parameters(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("properties", out _)
            ? BinaryData.FromString(schema.GetRawText())
            : NoParameters;
}
