using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Tracing;

/// <summary>Writes messages and their parts in the schema of the GenAI conventions. Bytes of images and files are never written.</summary>
internal static class PartWriter
{
    /// <summary>Writes a message to a buffer, whole: nothing of it stays in the writer.</summary>
    public static void Message(IBufferWriter<byte> to, Utf8JsonWriter writer, ContentScope scope, ChatMessage message, string? finishReason)
    {
        if (PlainMessage.TryWrite(to, scope, message, finishReason))
            return;
        writer.Reset(to);
        writer.WriteStartObject();
        ContentScope.Label(writer, "role"u8, RoleOf(message.Role));
        if (!string.IsNullOrEmpty(message.AuthorName))
            scope.Text(writer, "name"u8, message.AuthorName);
        writer.WriteStartArray("parts"u8);
        for (var i = 0; i < message.Contents.Count; i++)
        {
            if (scope.IsFull(writer))
            {
                Dropped(writer, "dropped_parts"u8, message.Contents.Count - i);
                break;
            }

            Part(writer, scope, message.Contents[i]);
        }

        writer.WriteEndArray();
        ContentScope.Label(writer, "finish_reason"u8, finishReason);
        writer.WriteEndObject();
        writer.Flush();
        writer.Reset(to);
    }

    /// <summary>Writes what stands for messages that did not fit.</summary>
    public static void DroppedMessages(Utf8JsonWriter writer, int count)
    {
        writer.WriteStartObject();
        writer.WriteString("role"u8, "other"u8);
        writer.WriteStartArray("parts"u8);
        Dropped(writer, "dropped_messages"u8, count);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static void TextPart(Utf8JsonWriter writer, ContentScope scope, string text, string type = "text")
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, type);
        scope.Text(writer, "content"u8, text);
        writer.WriteEndObject();
    }

    /// <summary>Whether anything is written of a part.</summary>
    public static bool IsWritten(ContentScope scope, AIContent content) => content switch
    {
        UsageContent => false,
        TextContent text => !scope.IsNothing(text.Text),
        TextReasoningContent reasoning => !scope.IsNothing(reasoning.Text),
        _ => true,
    };

    public static void Part(Utf8JsonWriter writer, ContentScope scope, AIContent content, int depth = 0)
    {
        if (!IsWritten(scope, content))
            return;
        switch (content)
        {
            case TextContent text:
                TextPart(writer, scope, text.Text);
                break;
            case TextReasoningContent reasoning:
                TextPart(writer, scope, reasoning.Text, "reasoning");
                break;
            case FunctionCallContent call:
                ToolCall(writer, scope, call, depth);
                break;
            case FunctionResultContent result:
                ToolResult(writer, scope, result, depth);
                break;
            case ToolCallContent or ToolResultContent:
                ServerToolWriter.Write(writer, scope, content, depth);
                break;
            default:
                OtherPart(writer, scope, content);
                break;
        }
    }

    private static void OtherPart(Utf8JsonWriter writer, ContentScope scope, AIContent content)
    {
        writer.WriteStartObject();
        switch (content)
        {
            case DataContent data:
                Blob(writer, data);
                break;
            case UriContent uri:
                writer.WriteString("type"u8, "uri"u8);
                var address = WithoutSecrets(uri.Uri);
                scope.Text(writer, "uri"u8, address);
                if (address != uri.Uri.OriginalString || CleanCopy.IsIncomplete(uri))
                    writer.WriteBoolean("llmkit.incomplete"u8, true);
                Media(writer, uri.MediaType);
                break;
            case HostedFileContent file:
                writer.WriteString("type"u8, "file"u8);
                ContentScope.Label(writer, "file_id"u8, file.FileId);
                Media(writer, file.MediaType);
                break;
            case ErrorContent error:
                writer.WriteString("type"u8, "error"u8);
                ContentScope.Label(writer, "code"u8, error.ErrorCode);
                scope.Text(writer, "content"u8, error.Message ?? "");
                break;
            case HostedVectorStoreContent store:
                writer.WriteString("type"u8, "vector_store"u8);
                ContentScope.Label(writer, "vector_store_id"u8, store.VectorStoreId);
                break;
            default:
                ContentScope.Label(writer, "type"u8, content is UnknownContent unknown ? unknown.Type : content.GetType().Name);
                break;
        }

        writer.WriteEndObject();
    }

    private static void ToolCall(Utf8JsonWriter writer, ContentScope scope, FunctionCallContent call, int depth)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "tool_call"u8);
        ContentScope.Label(writer, "id"u8, call.CallId);
        ContentScope.Label(writer, "name"u8, call.Name);
        Value(writer, scope, "arguments"u8, call.Arguments, depth);
        writer.WriteEndObject();
    }

    /// <summary>Writes a value as a property where there is one.</summary>
    public static void Value(Utf8JsonWriter writer, ContentScope scope, ReadOnlySpan<byte> name, object? value, int depth)
    {
        if (value is null)
            return;
        writer.WritePropertyName(name);
        ValueWriter.Write(writer, scope, value, depth);
    }

    private static void ToolResult(Utf8JsonWriter writer, ContentScope scope, FunctionResultContent result, int depth)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "tool_call_response"u8);
        ContentScope.Label(writer, "id"u8, result.CallId);
        writer.WritePropertyName("response"u8);
        // An exception's message may hold anything; its type says enough.
        if (result.Exception is { } exception)
        {
            writer.WriteStringValue(exception.GetType().FullName);
            writer.WriteBoolean("llmkit.incomplete"u8, true);
        }
        else
        {
            ValueWriter.Write(writer, scope, result.Result, depth);
            if (CleanCopy.IsIncomplete(result))
                writer.WriteBoolean("llmkit.incomplete"u8, true);
        }

        writer.WriteEndObject();
    }

    private static void Blob(Utf8JsonWriter writer, DataContent data)
    {
        writer.WriteString("type"u8, "blob"u8);
        Media(writer, data.MediaType);
        writer.WriteString("content"u8, ""u8);
        writer.WriteStartObject("llmkit.omitted"u8);
        writer.WriteNumber("bytes"u8, data.Data.Length);
        writer.WriteString("sha256"u8, Convert.ToHexStringLower(SHA256.HashData(data.Data.Span)));
        writer.WriteEndObject();
    }

    private static void Media(Utf8JsonWriter writer, string? mediaType)
    {
        ContentScope.Label(writer, "mime_type"u8, mediaType);
        writer.WriteString("modality"u8, ModalityOf(mediaType));
    }

    private static string ModalityOf(string? mediaType)
    {
        var top = mediaType is null ? "" : mediaType.Split('/')[0].ToLowerInvariant();
        return top switch
        {
            "image" or "audio" or "video" => top,
            // A file that does not say what it is: providers take documents as files.
            "" or "text" or "application" => "document",
            _ => "other",
        };
    }

    /// <summary>Writes what stands for tools that did not fit.</summary>
    public static void DroppedTools(Utf8JsonWriter writer, int count)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "llmkit.truncated"u8);
        writer.WriteStartObject("llmkit.truncated"u8);
        writer.WriteNumber("dropped_tools"u8, count);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Dropped(Utf8JsonWriter writer, ReadOnlySpan<byte> name, int count)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "llmkit.truncated"u8);
        writer.WriteNumber(name, count);
        writer.WriteEndObject();
    }

    /// <summary>Signed addresses carry keys in their query, others a password before the host.</summary>
    public static string WithoutSecrets(Uri uri)
    {
        if (!uri.IsAbsoluteUri)
            return uri.OriginalString.Split('?', '#')[0];
        return uri.Scheme == "data" ? "data:"
            : uri.Query.Length + uri.Fragment.Length + uri.UserInfo.Length == 0 ? uri.OriginalString
            : uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
    }

    private static string RoleOf(ChatRole role) =>
        string.IsNullOrEmpty(role.Value) ? "user"
        : role.Value.Equals("developer", StringComparison.OrdinalIgnoreCase) ? "system"
        : role.Value;
}
