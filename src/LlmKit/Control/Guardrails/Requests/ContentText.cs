using System.Text;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.Guardrails;

/// <summary>The text in a content, as the model will read it, and the content with another text.</summary>
internal static class ContentText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Gives where a content of a request stands.</summary>
    public static Rail RailOf(AIContent content) =>
        content is FunctionResultContent ? Rail.ToolResult : content.IsRetrieved() ? Rail.Retrieved : Rail.Input;

    /// <summary>Gives the text; <see langword="null"/> where there is none.</summary>
    public static string? Of(AIContent content) => content switch
    {
        TextContent text => text.Text,
        TextReasoningContent reasoning => reasoning.Text,
        FunctionResultContent result => ToolResultText.Of(result),
        ErrorContent error => error.Message,
        DataContent data when IsText(data.MediaType) => Decoded(data),
        _ => null,
    };

    /// <summary>Gives a copy of the content with another text.</summary>
    public static AIContent With(AIContent content, string text)
    {
        AIContent copy = content switch
        {
            TextContent => new TextContent(text),
            TextReasoningContent reasoning => new TextReasoningContent(text) { ProtectedData = reasoning.ProtectedData },
            FunctionResultContent result => new FunctionResultContent(result.CallId, text) { Exception = result.Exception },
            ErrorContent error => With(error, text, details: null),
            DataContent data => new DataContent(Strict.GetBytes(text), data.MediaType) { Name = data.Name },
            _ => throw new ArgumentException($"A '{content.GetType().Name}' holds no text.", nameof(content)),
        };
        copy.AdditionalProperties = content.AdditionalProperties;
        copy.Annotations = content.Annotations;
        return copy;
    }

    /// <summary>Gives a copy of an error with other texts.</summary>
    public static ErrorContent With(ErrorContent error, string? message, string? details) =>
        new(message) { ErrorCode = error.ErrorCode, Details = details, AdditionalProperties = error.AdditionalProperties, Annotations = error.Annotations };

    /// <summary>Gives a copy of a tool call with other arguments.</summary>
    public static FunctionCallContent With(FunctionCallContent call, IDictionary<string, object?> arguments) => new(call.CallId, call.Name, arguments)
    {
        Exception = call.Exception,
        InformationalOnly = call.InformationalOnly,
        AdditionalProperties = call.AdditionalProperties,
        Annotations = call.Annotations,
    };

    /// <summary>Gives a copy of a file with another name.</summary>
    public static DataContent Named(DataContent file, string name) =>
        new(file.Data, file.MediaType) { Name = name, AdditionalProperties = file.AdditionalProperties, Annotations = file.Annotations };

    /// <summary>Gives what stays of a content that is taken out; <see langword="null"/> where there is nothing to take.</summary>
    public static AIContent? Without(AIContent content, string removed) => content switch
    {
        FunctionResultContent result => new FunctionResultContent(result.CallId, removed),
        DataContent or UriContent or HostedFileContent => new TextContent(removed),
        _ => Of(content) is null ? null : With(content, removed),
    };

    private static bool IsText(string? mediaType) =>
        mediaType is not null && (mediaType.StartsWith("text/", StringComparison.OrdinalIgnoreCase)
            || mediaType.StartsWith("application/json", StringComparison.OrdinalIgnoreCase)
            || mediaType.StartsWith("application/xml", StringComparison.OrdinalIgnoreCase));

    private static string? Decoded(DataContent data)
    {
        try
        {
            return Strict.GetString(data.Data.Span);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(data.Data.Span);
        }
    }
}
