using Microsoft.Extensions.AI;
using Sdk = OpenAI.Chat;

namespace LlmKit.OpenAI.Requests;

/// <summary>Asks for text, JSON, or JSON of a schema.</summary>
internal static class AnswerFormat
{
    private const string DefaultName = "answer";

    internal static void Add(Sdk.ChatCompletionOptions request, ChatOptions options)
    {
        request.ResponseFormat ??= options.ResponseFormat switch
        {
            ChatResponseFormatText => Sdk.ChatResponseFormat.CreateTextFormat(),
            ChatResponseFormatJson { Schema: null } => Sdk.ChatResponseFormat.CreateJsonObjectFormat(),
            ChatResponseFormatJson json => WithSchema(json, KnownProperties.Flag(options.AdditionalProperties, KnownProperties.Strict)),
            _ => null,
        };
    }

    // Strict by default: without it the model may break the schema, and the caller asked for the schema.
    private static Sdk.ChatResponseFormat WithSchema(ChatResponseFormatJson format, bool? strict)
    {
        var schema = format.Schema!.Value;
        var isStrict = strict ?? (StrictSchema.IsPossible(schema) ? true : null);
        if (isStrict == true) schema = StrictSchema.Of(format);
        return Sdk.ChatResponseFormat.CreateJsonSchemaFormat(
            Names.Clean(format.SchemaName) ?? DefaultName, BinaryData.FromString(schema.GetRawText()), format.SchemaDescription, isStrict);
    }
}
