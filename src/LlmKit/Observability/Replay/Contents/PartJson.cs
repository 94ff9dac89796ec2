using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Replay;

/// <summary>Writes the parts of messages as JSON. A part that is not known is refused, never lost.</summary>
/// <param name="clean">What every text passes through.</param>
/// <param name="forKey">Whether the JSON is part of a key: then bytes are hashed, and what no model reads is left out.</param>
internal sealed class PartJson(Func<string, string> clean, bool forKey)
{
    private Dictionary<string, string>? _callIds;

    /// <summary>Writes a part.</summary>
    /// <param name="content">The part.</param>
    /// <param name="text">Its text, when that was cleaned before together with others.</param>
    /// <exception cref="CassetteException">Its type is not known, or its text cannot be cleaned.</exception>
    public JsonObject Of(AIContent content, string? text = null)
    {
        var part = Known(content, text) ?? throw new CassetteException(
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
    private JsonObject? Known(AIContent content, string? text)
    {
        var type = content.GetType();
        return content switch
        {
            TextContent own when type == typeof(TextContent) => New("text").Put("text", text ?? clean(own.Text)),
            TextReasoningContent own when type == typeof(TextReasoningContent) =>
                New("reasoning").Put("text", text ?? clean(own.Text)).Put("protected", forKey ? null : own.ProtectedData),
            FunctionCallContent own when type == typeof(FunctionCallContent) => Call(own),
            FunctionResultContent own when type == typeof(FunctionResultContent) => Result(own),
            DataContent own when type == typeof(DataContent) => Data(own),
            UriContent own when type == typeof(UriContent) => New("uri").Put("uri", Address(own.Uri)).Put("mime", own.MediaType),
            HostedFileContent own when type == typeof(HostedFileContent) => New("file").Put("id", own.FileId).Put("mime", own.MediaType).Put("name", Clean(own.Name)),
            HostedVectorStoreContent own when type == typeof(HostedVectorStoreContent) => New("vector_store").Put("id", own.VectorStoreId),
            ErrorContent own when type == typeof(ErrorContent) =>
                New("error").Put("text", Clean(own.Message)).Put("code", own.ErrorCode).Put("details", Clean(own.Details)),
            UsageContent own when type == typeof(UsageContent) => New("usage").Put("usage", UsageJson.Of(own.Details)),
            _ => null,
        };
    }

    private JsonObject Call(FunctionCallContent call) => New("tool_call")
        .Put("id", IdOf(call.CallId))
        .Put("name", call.Name)
        .Put("arguments", call.Arguments is null ? null : ValueJson.Of(call.Arguments, clean))
        .Put("failure", call.Exception is { } failure ? Clean(forKey ? failure.GetType().FullName : failure.Message) : null)
        .Put("informational", call.InformationalOnly ? JsonValue.Create(true) : null);

    private JsonObject Result(FunctionResultContent result)
    {
        var part = New("tool_result").Put("id", IdOf(result.CallId));
        if (result.Exception is { } failure)
            part.Put("failure", Clean(forKey ? failure.GetType().FullName : failure.Message));
        var value = ValueJson.Of(result.Result, clean);
        // A text may come as JSON or as it is: to a model that is the same.
        return part.Put(value is JsonValue text && text.TryGetValue<string>(out _) ? "text" : "result", value);
    }

    private JsonObject Data(DataContent data)
    {
        var bytes = IsText(data.MediaType) ? Encoding.UTF8.GetBytes(clean(Encoding.UTF8.GetString(data.Data.Span))) : data.Data;
        var part = New("data").Put("mime", data.MediaType).Put("name", Clean(data.Name));
        return forKey
            ? part.Put("bytes", JsonValue.Create(bytes.Length)).Put("sha256", Convert.ToHexStringLower(SHA256.HashData(bytes.Span)))
            : part.Put("data", Convert.ToBase64String(bytes.Span));
    }

    private string Address(Uri uri)
    {
        var address = clean(uri.OriginalString);
        return forKey || Uri.TryCreate(address, UriKind.RelativeOrAbsolute, out _)
            ? address
            : throw new CassetteException("The address of a part is none any more once it was redacted. Let CassetteOptions.Redact leave a valid URI.");
    }

    /// <summary>Ids of tool calls change with every answer: a key has them by their order.</summary>
    private string IdOf(string id)
    {
        if (!forKey)
            return id;
        _callIds ??= new(StringComparer.Ordinal);
        if (!_callIds.TryGetValue(id, out var number))
            _callIds[id] = number = FormattableString.Invariant($"call_{_callIds.Count + 1}");
        return number;
    }

    private string? Clean(string? text) => text is null ? null : clean(text);

    private static bool IsText(string mediaType) =>
        mediaType.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || mediaType.Contains("json", StringComparison.OrdinalIgnoreCase);

    private static JsonObject New(string type) => new() { ["type"] = type };
}
