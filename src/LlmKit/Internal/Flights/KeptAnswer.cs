using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Internal.Flights;

/// <summary>An answer in a form that nobody can change: the JSON of what came, whole or in updates. Every reader gets objects of its own.</summary>
/// <remarks>Immutable. Ids, times and properties are those of the first answer; usage is left out, because a repeated answer uses nothing.</remarks>
/// <param name="Json">A response, or the array of a stream's updates.</param>
/// <param name="IsStream">Whether it came as a stream.</param>
/// <param name="Model">The registered model that gave it.</param>
/// <param name="Marks">What whoever gets it again must know of how it came about.</param>
internal sealed record KeptAnswer(byte[] Json, bool IsStream, string? Model, AnswerMarks Marks)
{
    public const AnswerMarks Inherited = AnswerMarks.Fallback | AnswerMarks.Repaired | AnswerMarks.Shrunk | AnswerMarks.Unverified;

    private static readonly JsonTypeInfo<ChatResponse> Whole = TypeInfo<ChatResponse>();
    private static readonly JsonTypeInfo<ChatResponseUpdate> Piece = TypeInfo<ChatResponseUpdate>();

    /// <summary>Takes an answer down; <see langword="null"/> when something in it cannot be written.</summary>
    public static KeptAnswer? Of(ChatResponse response, LlmCall call) =>
        Write(WithoutUsage(response), Whole) is { } json ? new(json, IsStream: false, call.Model, call.Marks & Inherited) : null;

    /// <summary>Puts updates together that were taken down one by one.</summary>
    public static KeptAnswer Of(IReadOnlyList<byte[]> updates, LlmCall call)
    {
        var json = new ArrayBufferWriter<byte>(updates.Sum(update => update.Length + 1) + 2);
        json.Write("["u8);
        for (var i = 0; i < updates.Count; i++)
        {
            if (i > 0)
                json.Write(","u8);
            json.Write(updates[i]);
        }

        json.Write("]"u8);
        return new(json.WrittenSpan.ToArray(), IsStream: true, call.Model, call.Marks & Inherited);
    }

    /// <summary>Takes one update down; <see langword="null"/> when something in it cannot be written.</summary>
    public static byte[]? Of(ChatResponseUpdate update) => Write(WithoutUsage(update), Piece);

    /// <summary>Gives an update that was taken down.</summary>
    public static ChatResponseUpdate ToUpdate(byte[] json) => JsonSerializer.Deserialize(json, Piece)!;

    public ChatResponse ToResponse() => IsStream ? ToUpdates().ToChatResponse() : JsonSerializer.Deserialize(Json, Whole)!;

    public IReadOnlyList<ChatResponseUpdate> ToUpdates()
    {
        if (!IsStream)
            return ToResponse().ToChatResponseUpdates();
        using var json = JsonDocument.Parse(Json);
        return [.. json.RootElement.EnumerateArray().Select(update => update.Deserialize(Piece)!)];
    }

    /// <summary>Copies a response and its lists; the contents themselves are shared.</summary>
    public static ChatResponse WithoutUsage(ChatResponse response)
    {
        var copy = AnswerCopy.With(response, [.. response.Messages.Select(WithoutUsage)]);
        copy.Usage = null;
        return copy;
    }

    /// <summary>Copies an update and its list; the contents themselves are shared.</summary>
    public static ChatResponseUpdate WithoutUsage(ChatResponseUpdate update)
    {
        var copy = update.Clone();
        copy.Contents = WithoutUsage(update.Contents);
        return copy;
    }

    private static byte[]? Write<T>(T value, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.SerializeToUtf8Bytes(value, type);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return null;
        }
    }

    private static ChatMessage WithoutUsage(ChatMessage message)
    {
        var copy = message.Clone();
        copy.Contents = WithoutUsage(message.Contents);
        return copy;
    }

    private static List<AIContent> WithoutUsage(IList<AIContent> contents) => [.. contents.Where(content => content is not UsageContent)];

    private static JsonTypeInfo<T> TypeInfo<T>() => (JsonTypeInfo<T>)AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(T));
}
