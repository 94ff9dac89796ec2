using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Tracing;

/// <summary>Copies messages for somebody who may change and keep them: every text is redacted, what is not written elsewhere is left out, and nothing is shared with what is sent.</summary>
internal static class CleanCopy
{
    /// <summary>Marks a part of which something was left out.</summary>
    public const string IncompleteKey = "llmkit.incomplete";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static List<ChatMessage> Of(IEnumerable<ChatMessage> messages, ContentScope scope) => [.. messages.Select(message => Of(message, scope))];

    public static ChatResponse Of(ChatResponse response, ContentScope scope) => new(Of((IEnumerable<ChatMessage>)response.Messages, scope))
    {
        ResponseId = response.ResponseId,
        ConversationId = response.ConversationId,
        ModelId = response.ModelId,
        CreatedAt = response.CreatedAt,
        FinishReason = response.FinishReason,
        Usage = response.Usage is { } usage ? Of(usage) : null,
    };

    public static string Of(string text, ContentScope scope) => scope.Clean(text) ?? ContentScope.RedactionFailed;

    /// <summary>Whether a copy says that something was left out of it.</summary>
    public static bool IsIncomplete(AIContent content) => content.AdditionalProperties?.ContainsKey(IncompleteKey) == true;

    private static ChatMessage Of(ChatMessage message, ContentScope scope) => new(message.Role, [.. message.Contents.Select(content => Of(content, scope))])
    {
        AuthorName = message.AuthorName is { } name ? Of(name, scope) : null,
        MessageId = message.MessageId,
        CreatedAt = message.CreatedAt,
    };

    private static AIContent Of(AIContent content, ContentScope scope) => content switch
    {
        TextContent text => new TextContent(Of(text.Text, scope)),
        TextReasoningContent reasoning => new TextReasoningContent(Of(reasoning.Text, scope)),
        FunctionCallContent call => new FunctionCallContent(call.CallId, call.Name, Of(call.Arguments, scope)) { InformationalOnly = call.InformationalOnly },
        FunctionResultContent result => Of(result, scope),
        ToolCallContent or ToolResultContent => OfServerTool(content, scope),
        DataContent data => Of(data, scope),
        UriContent uri => Of(uri, scope),
        HostedFileContent file => new HostedFileContent(file.FileId) { MediaType = file.MediaType, Name = file.Name is { } name ? Of(name, scope) : null },
        ErrorContent error => new ErrorContent(Of(error.Message ?? "", scope)) { ErrorCode = error.ErrorCode, Details = error.Details is { } details ? Of(details, scope) : null },
        HostedVectorStoreContent store => new HostedVectorStoreContent(store.VectorStoreId),
        UsageContent usage => new UsageContent(Of(usage.Details)),
        _ => new UnknownContent(content.GetType().Name),
    };

    private static UsageDetails Of(UsageDetails usage)
    {
        var copy = new UsageDetails();
        copy.Add(usage);
        return copy;
    }

    /// <summary>An exception's message may hold anything; its type says enough.</summary>
    private static FunctionResultContent Of(FunctionResultContent result, ContentScope scope) => result.Exception is { } exception
        ? new(result.CallId, exception.GetType().FullName) { AdditionalProperties = new() { [IncompleteKey] = true } }
        : new(result.CallId, OfValue(result.Result, scope));

    private static AIContent OfServerTool(AIContent content, ContentScope scope) => content switch
    {
        McpServerToolCallContent call => new McpServerToolCallContent(call.CallId, call.Name, call.ServerName) { Arguments = Of(call.Arguments, scope) },
        McpServerToolResultContent result => new McpServerToolResultContent(result.CallId) { Outputs = Of(result.Outputs, scope) },
        CodeInterpreterToolCallContent call => new CodeInterpreterToolCallContent(call.CallId) { Inputs = Of(call.Inputs, scope) },
        CodeInterpreterToolResultContent result => new CodeInterpreterToolResultContent(result.CallId) { Outputs = Of(result.Outputs, scope) },
        ImageGenerationToolCallContent call => new ImageGenerationToolCallContent(call.CallId),
        ImageGenerationToolResultContent result => new ImageGenerationToolResultContent(result.CallId) { Outputs = Of(result.Outputs, scope) },
        WebSearchToolCallContent call => new WebSearchToolCallContent(call.CallId) { Queries = call.Queries is { } queries ? [.. queries.Select(query => Of(query, scope))] : null },
        WebSearchToolResultContent result => new WebSearchToolResultContent(result.CallId) { Outputs = Of(result.Outputs, scope) },
        ToolCallContent call => new ToolCallContent(call.CallId),
        _ => new ToolResultContent(((ToolResultContent)content).CallId),
    };

    private static List<AIContent>? Of(IList<AIContent>? contents, ContentScope scope) => contents is null ? null : [.. contents.Select(content => Of(content, scope))];

    private static Dictionary<string, object?>? Of(IDictionary<string, object?>? arguments, ContentScope scope)
    {
        if (arguments is null)
            return null;
        var copy = new Dictionary<string, object?>(arguments.Count);
        foreach (var (name, value) in arguments)
        {
            var (clean, cleanValue) = (Of(name, scope), scope.Withholds(name, value) ? ContentScope.Withheld : OfValue(value, scope));
            // Two names that became the same are told apart: no value is lost.
            for (var number = 2; !copy.TryAdd(clean, cleanValue); number++)
                clean = $"{Of(name, scope)} {number}";
        }

        return copy;
    }

    /// <summary>Gives a value as it is written elsewhere: what is more than a text, a number or a truth becomes JSON.</summary>
    private static object? OfValue(object? value, ContentScope scope)
    {
        switch (value)
        {
            case null or bool or int or long or double or decimal:
                return value;
            case string text:
                return Of(ValueWriter.WithoutSecrets(scope, text), scope);
            default:
                var json = new ArrayBufferWriter<byte>();
                using (var writer = new Utf8JsonWriter(json, new() { SkipValidation = true }))
                    ValueWriter.Write(writer, scope, value);
                return JsonElement.Parse(json.WrittenSpan);
        }
    }

    private static DataContent Of(DataContent data, ContentScope scope)
    {
        var isText = scope.Redacts && IsText(data.MediaType);
        return new(isText ? Strict.GetBytes(Of(Decoded(data.Data.Span), scope)) : data.Data, data.MediaType) { Name = data.Name is { } name ? Of(name, scope) : null };
    }

    private static bool IsText(string type) =>
        type.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || type.Contains("json", StringComparison.OrdinalIgnoreCase) || type.Contains("xml", StringComparison.OrdinalIgnoreCase);

    private static string Decoded(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }

    private static UriContent Of(UriContent content, ContentScope scope)
    {
        var address = PartWriter.WithoutSecrets(content.Uri);
        var clean = Of(address, scope);
        var copy = new UriContent(clean == content.Uri.OriginalString ? content.Uri : new Uri(clean, UriKind.RelativeOrAbsolute), content.MediaType);
        if (address != content.Uri.OriginalString)
            copy.AdditionalProperties = new() { [IncompleteKey] = true };
        return copy;
    }
}
