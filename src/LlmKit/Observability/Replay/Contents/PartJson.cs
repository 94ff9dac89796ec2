using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

// What a hosted file is for and whether an approval asks again are experimental, and part of what a provider said.
#pragma warning disable MEAI001

namespace LlmKit.Observability.Replay;

/// <summary>Writes the parts of messages as JSON. A part that is not known is refused, never lost.</summary>
/// <param name="clean">What every text passes through.</param>
/// <param name="forKey">Whether the JSON is part of a key: then bytes are hashed, and what no model reads is left out.</param>
/// <param name="texts">The texts of an answer, cleaned as a whole; <see langword="null"/> where each part stands alone.</param>
internal sealed class PartJson(Func<string, string> clean, bool forKey, AnswerTexts? texts = null)
{
    private Dictionary<string, string>? _ids;

    /// <summary>Writes a part.</summary>
    /// <exception cref="CassetteException">Its type is not known, or its text cannot be cleaned.</exception>
    public JsonObject Of(AIContent content) => Of(content, container: "");

    private JsonObject Of(AIContent content, string container)
    {
        var part = Known(content, container) ?? throw new CassetteException(
            $"A cassette cannot hold a part of the type '{content.GetType().FullName}'. Record below the decorator that makes it, or map it to a part of Microsoft.Extensions.AI such as TextContent.");
        if (forKey)
            return part;
        if (AnnotationJson.Of(content.Annotations, clean) is { } annotations)
            part["annotations"] = annotations;
        var (properties, dropped) = ValueJson.OfProperties(content.AdditionalProperties, clean);
        part.Put("properties", properties).Put("dropped", dropped);
        return part;
    }

    // Types are compared and not tested: a class derived from one of these may hold more.
    private JsonObject? Known(AIContent content, string container)
    {
        var type = content.GetType();
        return content switch
        {
            TextContent own => New("text").Put("text", texts?.Next(own, container) ?? clean(own.Text)),
            TextReasoningContent own => New("reasoning").Put("text", texts?.Next(own, container) ?? clean(own.Text)).Put("protected", forKey ? null : own.ProtectedData),
            FunctionCallContent own when type == typeof(FunctionCallContent) => Call(own),
            FunctionResultContent own when type == typeof(FunctionResultContent) => Result(own),
            DataContent own when type == typeof(DataContent) => Data(own, container),
            UriContent own when type == typeof(UriContent) => New("uri").Put("uri", Address(own.Uri)).Put("mime", own.MediaType),
            HostedFileContent own => File(own),
            HostedVectorStoreContent own => New("vector_store").Put("id", own.VectorStoreId),
            ErrorContent own when type == typeof(ErrorContent) =>
                New("error").Put("text", Clean(own.Message)).Put("code", own.ErrorCode).Put("details", Clean(own.Details)),
            UsageContent own when type == typeof(UsageContent) => New("usage").Put("usage", UsageJson.Of(own.Details)),
            ToolCallContent own => HostedCall(own, container),
            ToolResultContent own => HostedResult(own, container),
            ToolApprovalRequestContent own => New("approval_request")
                .Put("id", IdOf(own.RequestId))
                .Put("call", Of(own.ToolCall, container))
                .Put("confirm", forKey || own.RequiresConfirmation ? null : JsonValue.Create(false)),
            ToolApprovalResponseContent own => New("approval_response")
                .Put("id", IdOf(own.RequestId))
                .Put("approved", JsonValue.Create(own.Approved))
                .Put("reason", Clean(own.Reason))
                .Put("call", Of(own.ToolCall, container)),
            _ => null,
        };
    }

    private JsonObject Call(FunctionCallContent call) => New("tool_call")
        .Put("id", IdOf(call.CallId))
        .Put("name", call.Name)
        .Put("arguments", Arguments(call.Arguments))
        .Put("failure", call.Exception is { } failure ? Clean(forKey ? failure.GetType().FullName : failure.Message) : null)
        // Who runs a tool is nothing a model sees, and tool loops change it on the way.
        .Put("informational", call.InformationalOnly && !forKey ? JsonValue.Create(true) : null);

    private JsonObject Result(FunctionResultContent result)
    {
        var part = New("tool_result").Put("id", IdOf(result.CallId));
        if (result.Exception is { } failure)
            part.Put("failure", Clean(forKey ? failure.GetType().FullName : failure.Message));
        var value = ValueJson.Of(result.Result, clean);
        // A text may come as JSON or as it is: to a model that is the same.
        return part.Put(value is JsonValue text && text.TryGetValue<string>(out _) ? "text" : "result", value);
    }

    /// <summary>Writes a call of a tool that the provider runs.</summary>
    private JsonObject? HostedCall(ToolCallContent call, string container) => call switch
    {
        McpServerToolCallContent own => New("mcp_call").Put("id", IdOf(own.CallId)).Put("name", own.Name).Put("server", own.ServerName).Put("arguments", Arguments(own.Arguments)),
        CodeInterpreterToolCallContent own => New("code_call").Put("id", IdOf(own.CallId)).Put("inputs", Inside(own.Inputs, container, own.CallId)),
        WebSearchToolCallContent own => New("search_call").Put("id", IdOf(own.CallId))
            .Put("queries", own.Queries is { } queries ? new JsonArray([.. queries.Select(query => JsonValue.Create(clean(query)))]) : null),
        ImageGenerationToolCallContent own => New("image_call").Put("id", IdOf(own.CallId)),
        _ when call.GetType() == typeof(ToolCallContent) => New("hosted_call").Put("id", IdOf(call.CallId)),
        _ => null,
    };

    /// <summary>Writes what a tool gave that the provider ran.</summary>
    private JsonObject? HostedResult(ToolResultContent result, string container)
    {
        var (type, outputs) = result switch
        {
            McpServerToolResultContent own => ("mcp_result", own.Outputs),
            CodeInterpreterToolResultContent own => ("code_result", own.Outputs),
            WebSearchToolResultContent own => ("search_result", own.Outputs),
            ImageGenerationToolResultContent own => ("image_result", own.Outputs),
            _ when result.GetType() == typeof(ToolResultContent) => ("hosted_result", null),
            _ => default,
        };
        return type is null ? null : New(type).Put("id", IdOf(result.CallId)).Put("outputs", Inside(outputs, container, result.CallId));
    }

    private JsonArray? Inside(IList<AIContent>? contents, string container, string id) =>
        contents is null ? null : [.. contents.Select(content => Of(content, AnswerTexts.Inside(container, id)))];

    private JsonObject File(HostedFileContent file)
    {
        var part = New("file").Put("id", file.FileId);
        // The id says all that a provider needs.
        return forKey ? part : part
            .Put("mime", file.MediaType)
            .Put("name", Clean(file.Name))
            .Put("bytes", file.SizeInBytes is { } size ? JsonValue.Create(size) : null)
            .Put("created", file.CreatedAt?.ToString("O", CultureInfo.InvariantCulture))
            .Put("purpose", file.Purpose)
            .Put("file_scope", file.Scope);
    }

    private JsonObject Data(DataContent data, string container)
    {
        var bytes = CleanBytes(data, container);
        var part = New("data").Put("mime", data.MediaType).Put("name", Clean(data.Name));
        return forKey
            ? part.Put("bytes", JsonValue.Create(bytes.Length)).Put("sha256", Convert.ToHexStringLower(SHA256.HashData(bytes.Span)))
            : part.Put("data", Convert.ToBase64String(bytes.Span));
    }

    /// <summary>Text in which there is nothing to clean stays as it is, byte for byte: it may be in another encoding.</summary>
    private ReadOnlyMemory<byte> CleanBytes(DataContent data, string container)
    {
        if (!AnswerTexts.IsText(data))
            return data.Data;
        if (texts is not null)
            return texts.Next(data, container) is { } part ? Encoding.UTF8.GetBytes(part) : data.Data;
        var text = Encoding.UTF8.GetString(data.Data.Span);
        var cleaned = clean(text);
        return cleaned == text ? data.Data : Encoding.UTF8.GetBytes(cleaned);
    }

    private string Address(Uri uri)
    {
        var address = clean(uri.OriginalString);
        return forKey || Uri.TryCreate(address, UriKind.RelativeOrAbsolute, out _)
            ? address
            : throw new CassetteException("The address of a part is none any more once it was redacted. Let CassetteOptions.Redact leave a valid URI.");
    }

    private JsonNode? Arguments(IDictionary<string, object?>? arguments) => arguments is null ? null : ValueJson.Of(arguments, clean);

    /// <summary>Ids of tool calls and approvals change with every answer: a key has them by their order.</summary>
    private string IdOf(string id)
    {
        if (!forKey)
            return id;
        _ids ??= new(StringComparer.Ordinal);
        if (!_ids.TryGetValue(id, out var number))
            _ids[id] = number = FormattableString.Invariant($"call_{_ids.Count + 1}");
        return number;
    }

    private string? Clean(string? text) => text is null ? null : clean(text);

    private static JsonObject New(string type) => new() { ["type"] = type };
}
