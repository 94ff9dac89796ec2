using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Tracing;

/// <summary>Turns messages into the compact JSON of content attributes: always valid, never larger than allowed.</summary>
/// <remarks>
/// Thread-safe. The first item and as many of the last ones as fit are kept; what was dropped is said in its place. Where even the first
/// and the last do not fit, their texts are cut shorter. Work is bounded by the size allowed, not by the size of the conversation.
/// </remarks>
internal sealed class ContentJson(Func<string, string>? redact, int maxText, int maxBytes, bool finishReasons = true, NamedSecrets? secrets = null)
{
    private const int LeastText = 32;
    private const int Reserve = 128;
    private const int MostKept = 256 * 1024;
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private static readonly ContentJson Names = new(redact: null, maxText: 256, maxBytes: 16_384);

    [ThreadStatic]
    private static Pieces? spare;

    /// <summary>Writes an item to a buffer, whole: nothing of it stays in the writer.</summary>
    private delegate void WriteItem<T>(IBufferWriter<byte> to, Utf8JsonWriter writer, ContentScope scope, T item);

    public string? Messages(IReadOnlyList<ChatMessage> messages) => messages.Count == 0 ? null
        : PlainConversation.Write(messages, NewScope(), maxBytes - Reserve, finishReason: null) ?? Write(messages, static (to, writer, scope, message) => PartWriter.Message(to, writer, scope, message, finishReason: null));

    public string? Answer(ChatResponse response)
    {
        if (response.Messages.Count == 0)
            return null;
        var reason = finishReasons ? ReasonOf(response.FinishReason) : null;
        var messages = response.Messages as IReadOnlyList<ChatMessage> ?? [.. response.Messages];
        return PlainConversation.Write(messages, NewScope(), maxBytes - Reserve, reason) ?? Write(messages, (to, writer, scope, message) => PartWriter.Message(to, writer, scope, message, reason));
    }

    public string? Instructions(string? instructions) => string.IsNullOrWhiteSpace(instructions) ? null
        : WriteEach([instructions], static (writer, scope, text) => PartWriter.TextPart(writer, scope, text));

    /// <summary>Gives the tools of a request with what they say of themselves; without content, <see cref="ToolNames"/>.</summary>
    public string? Tools(IList<AITool>? tools) => tools is not { Count: > 0 } ? null
        : WriteEach([.. tools], static (writer, scope, tool) => ToolWriter.Definition(writer, scope, tool));

    /// <summary>Gives the types and names of the tools of a request, which are no content.</summary>
    public static string? ToolNames(IList<AITool>? tools) => tools is not { Count: > 0 } ? null
        : Names.WriteEach([.. tools], static (writer, _, tool) => ToolWriter.Name(writer, tool));

    /// <summary>Gives a value, such as a tool's result, as JSON: redacted and cut as messages are.</summary>
    public string Value(object? value) => WriteEach([value], static (writer, scope, one) => ValueWriter.Write(writer, scope, one))[1..^1];

    /// <summary>Gives the documents that a retrieval found.</summary>
    public string Documents(IReadOnlyList<TraceDocument> documents) => WriteEach(documents, static (writer, scope, document) => ToolWriter.Document(writer, scope, document));

    /// <summary>Gives what redacts and cuts texts that are written elsewhere.</summary>
    public ContentScope NewScope() => new(redact, maxText, maxBytes, secrets: secrets);

    /// <summary>Gives a text outside of JSON, redacted and cut; <see langword="null"/> when its redaction failed.</summary>
    public string? Text(string? text)
    {
        var clean = text is null ? null : NewScope().Clean(text);
        return clean is null || clean.Length <= maxText ? clean : clean[..(char.IsHighSurrogate(clean[maxText - 1]) ? maxText - 1 : maxText)];
    }

    private string WriteEach<T>(IReadOnlyList<T> items, Action<Utf8JsonWriter, ContentScope, T> write) => Write(items, (to, writer, scope, item) =>
    {
        writer.Reset(to);
        write(writer, scope, item);
        writer.Flush();
    });

    private string Write<T>(IReadOnlyList<T> items, WriteItem<T> write)
    {
        // Taken, not shared: a redaction may call a pipeline that is traced itself.
        var pieces = spare ?? new();
        spare = null;
        try
        {
            var budget = (long)maxBytes;
            for (var limit = maxText; limit >= LeastText || limit == maxText; limit /= 4, budget = maxBytes * 3L / 8)
            {
                pieces.Clear();
                if (TryWrite(pieces, items, write, new(redact, limit, budget, secrets: secrets)) is { } json)
                    return json;
            }

            pieces.Clear();
            return Assemble(pieces, items.Count);
        }
        finally
        {
            if (pieces.Buffer.Capacity <= MostKept)
                spare = pieces;
        }
    }

    /// <summary>Writes the first item, then the last ones from the end, while they fit; <see langword="null"/> when the first and the last do not.</summary>
    private string? TryWrite<T>(Pieces pieces, IReadOnlyList<T> items, WriteItem<T> write, ContentScope scope)
    {
        var count = items.Count;
        for (var i = 0; i < count; i++)
        {
            var start = pieces.Buffer.WrittenCount;
            write(pieces.Buffer, pieces.Writer, scope, items[i == 0 ? 0 : count - i]);
            if (pieces.Buffer.WrittenCount + i > maxBytes - Reserve)
                return i < 2 ? null : Assemble(pieces, count - i);
            pieces.Add(start);
        }

        return Assemble(pieces, dropped: 0);
    }

    /// <summary>Puts the pieces in their order: the first, what stands for those dropped, the last ones from the end.</summary>
    private static string Assemble(Pieces pieces, int dropped)
    {
        if (dropped > 0)
        {
            var start = pieces.Buffer.WrittenCount;
            pieces.Writer.Reset(pieces.Buffer);
            PartWriter.DroppedMessages(pieces.Writer, dropped);
            pieces.Writer.Flush();
            pieces.Add(start);
        }

        var length = pieces.Length + Math.Max(0, pieces.Kept.Count - 1) + 2;
        // Nearly all text is ASCII, whose bytes become characters in one step and without a copy between.
        return Ascii.IsValid(pieces.Buffer.WrittenSpan)
            ? string.Create(length, pieces, static (text, pieces) => Join(text, pieces.Buffer, pieces.Kept))
            : Join(pieces.Buffer, pieces.Kept, length);
    }

    private static void Join(Span<char> text, ArrayBufferWriter<byte> buffer, List<Range> kept)
    {
        var length = 0;
        text[length++] = '[';
        for (var i = 0; i < kept.Count; i++)
        {
            if (i > 0)
                text[length++] = ',';
            Ascii.ToUtf16(buffer.WrittenSpan[kept[i == 0 ? 0 : kept.Count - i]], text[length..], out var written);
            length += written;
        }

        text[length] = ']';
    }

    private static string Join(ArrayBufferWriter<byte> buffer, List<Range> kept, int most)
    {
        var json = ArrayPool<byte>.Shared.Rent(most);
        var length = 0;
        json[length++] = (byte)'[';
        for (var i = 0; i < kept.Count; i++)
        {
            if (i > 0)
                json[length++] = (byte)',';
            var piece = buffer.WrittenSpan[kept[i == 0 ? 0 : kept.Count - i]];
            piece.CopyTo(json.AsSpan(length));
            length += piece.Length;
        }

        json[length++] = (byte)']';
        var text = Encoding.UTF8.GetString(json, 0, length);
        ArrayPool<byte>.Shared.Return(json);
        return text;
    }

    public static string ReasonOf(ChatFinishReason? reason) =>
        reason is not { } known ? "unknown"
        : known == ChatFinishReason.ToolCalls ? "tool_call"
        : known.Value.ToLowerInvariant();

    /// <summary>What is written to, with the places in it of what is kept.</summary>
    private sealed class Pieces
    {
        public Pieces() => Writer = new(Buffer, WriterOptions);

        public ArrayBufferWriter<byte> Buffer { get; } = new();

        public Utf8JsonWriter Writer { get; }

        public List<Range> Kept { get; } = [];

        /// <summary>Gets how many bytes those that are kept take.</summary>
        public int Length { get; private set; }

        /// <summary>Keeps what was written since a place.</summary>
        public void Add(int start)
        {
            Kept.Add(start..Buffer.WrittenCount);
            Length += Buffer.WrittenCount - start;
        }

        public void Clear()
        {
            Buffer.ResetWrittenCount();
            Kept.Clear();
            Length = 0;
        }
    }
}
