using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;

namespace LlmKit.OpenAI.Requests;

/// <summary>Arguments and results of tools as the text that OpenAI exchanges.</summary>
internal static class ToolText
{
    // Indentation is paid for like any other text.
    private static readonly JsonSerializerOptions Compact = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    private static JsonTypeInfo<IDictionary<string, object?>> ArgumentsType =>
        (JsonTypeInfo<IDictionary<string, object?>>)Compact.GetTypeInfo(typeof(IDictionary<string, object?>));

    internal static string OfArguments(FunctionCallContent call) =>
        call.Arguments is { Count: > 0 } arguments ? JsonSerializer.Serialize(arguments, ArgumentsType) : "{}";

    internal static string OfResult(FunctionResultContent result) => result.Result switch
    {
        // The exception's own text may hold what the model must not see.
        null => result.Exception is null ? "" : "Error: the function failed.",
        string text => text,
        TextContent text => text.Text,
        IEnumerable<TextContent> texts => string.Concat(texts.Select(t => t.Text)),
        var other => JsonSerializer.Serialize(other, Compact.GetTypeInfo(typeof(object))),
    };

    /// <summary>Reads the arguments of a call. Arguments that are no JSON object are reported on the call, as its exception.</summary>
    internal static FunctionCallContent Parse(string callId, string name, string arguments) => string.IsNullOrWhiteSpace(arguments)
        ? new(callId, name, new Dictionary<string, object?>())
        : FunctionCallContent.CreateFromParsedArguments(arguments, callId, name,
            static json => JsonSerializer.Deserialize(json, ArgumentsType)!);
}
