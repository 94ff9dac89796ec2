using System.Text.Encodings.Web;
using System.Text.Json;
using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Tracing;

/// <summary>Writes what is asked and answered into a recording: each text redacted and cut as on spans, each message a JSON value of its own.</summary>
/// <remarks>
/// Thread-safe. It is written at once, for messages can change while the call runs. Options, instructions, tools and the prompt have room of their own, and what
/// needs more is cut shorter; of messages the first and as many of the last ones as fit are kept. The last quarter is the answer's.
/// </remarks>
internal sealed class RecordedContent
{
    private const int MostBytes = 1024 * 1024;
    private const int MostRequestBytes = MostBytes * 3 / 4;
    private const int MostMessageBytes = MostRequestBytes / 2;
    private const int MostOptionsBytes = MostBytes / 16;
    private const int MostInstructionsBytes = MostBytes / 8;
    private const int MostToolsBytes = MostBytes * 3 / 16;
    private const int MostPromptBytes = MostBytes / 8;
    private const int LeastBytes = MostBytes / 32;
    private const int PerToolBytes = 8 * 1024;
    private const int ShortText = 1024;
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly bool _redacts;
    private readonly ContentScope[] _scopes;
    private readonly ContentScope[] _cleanScopes;
    private readonly ContentScope _shortTools;

    [ThreadStatic]
    private static Utf8JsonWriter? spare;

    public RecordedContent(Func<string, string>? redact, int maxText, NamedSecrets? secrets = null)
    {
        _redacts = redact is not null;
        _scopes = Scopes(redact, maxText, secrets);
        _cleanScopes = Scopes(redact: null, maxText, secrets);
        _shortTools = new(redact, Math.Min(maxText, ShortText), MostToolsBytes * 2 / 3, keepsBlank: true, secrets);
    }

    private ContentScope Whole => _scopes[0];

    private ContentScope Least => _scopes[^1];

    /// <summary>Writes a request.</summary>
    /// <param name="to">The recording.</param>
    /// <param name="messages">The messages.</param>
    /// <param name="options">The options.</param>
    /// <param name="hooked">What a hook left of messages and instructions, redacted already; <see langword="null"/> where there is none.</param>
    public void Request(CallRecording to, IReadOnlyList<ChatMessage> messages, ChatOptions options, HookedCall? hooked = null)
    {
        var writer = Take(to);
        to.IsRedacted = _redacts || hooked is { MayDiffer: true };
        var instructions = hooked is null ? options.Instructions : hooked.Instructions;
        try
        {
            WriteOptions(to, writer, options);
            if (!string.IsNullOrWhiteSpace(instructions))
                WriteInstructions(to, writer, instructions, isClean: hooked is not null);
            if (options.Tools is { Count: > 0 } tools)
                WriteTools(to, writer, tools);
            if (options.AdditionalProperties is { Count: > 0 } properties && properties.TryGetValue(PromptExtensions.PromptKey, out var value) && value is LlmPrompt prompt)
                WritePrompt(to, writer, prompt);
            WriteMessages(to, writer, hooked?.Messages ?? messages, isClean: hooked is not null);
        }
        finally
        {
            spare = writer;
        }
    }

    /// <summary>Writes an answer.</summary>
    /// <param name="to">The recording.</param>
    /// <param name="response">The answer.</param>
    /// <param name="isClean">Whether it is redacted already.</param>
    public void Answer(CallRecording to, ChatResponse response, bool isClean = false)
    {
        var writer = Take(to);
        try
        {
            var reason = ContentJson.ReasonOf(response.FinishReason);
            for (var i = 0; i < response.Messages.Count; i++)
            {
                // The last one tells how it ended: the others leave room for it.
                var most = MostBytes - to.Length - (i < response.Messages.Count - 1 ? 2 * LeastBytes : 0);
                if (!TryWriteMessage(to, writer, new(RecordedKind.Output, i, most, IsNeeded: true), response.Messages[i], reason, isClean))
                    to.DroppedMessages++;
            }
        }
        finally
        {
            spare = writer;
        }
    }

    /// <summary>Gives what writes texts whole, then shorter ones, then no more than always fits.</summary>
    private static ContentScope[] Scopes(Func<string, string>? redact, int maxText, NamedSecrets? secrets) =>
    [
        new(redact, maxText, MostMessageBytes, keepsBlank: true, secrets),
        new(redact, Math.Min(maxText, ShortText), MostRequestBytes / 4, keepsBlank: true, secrets),
        new(redact, Math.Min(maxText, ShortText), LeastBytes, keepsBlank: true, secrets),
    ];

    // Taken, not shared: a redaction may call a pipeline that is traced itself.
    private static Utf8JsonWriter Take(CallRecording to)
    {
        var writer = spare;
        spare = null;
        if (writer is null)
            return new(to, WriterOptions);
        writer.Reset(to);
        return writer;
    }

    private void WriteMessages(CallRecording to, Utf8JsonWriter writer, IReadOnlyList<ChatMessage> messages, bool isClean)
    {
        var half = (MostRequestBytes - to.Length) / 2;
        for (var i = 0; i < messages.Count; i++)
        {
            var order = i == 0 ? 0 : messages.Count - i;
            var isNeeded = i < 2;
            if (TryWriteMessage(to, writer, new(RecordedKind.Input, order, isNeeded ? half : MostRequestBytes - to.Length, isNeeded), messages[order], finishReason: null, isClean))
                continue;
            to.DroppedMessages = messages.Count - i;
            return;
        }
    }

    /// <summary>Writes a message, cut shorter where it takes too much; leaves nothing of it where it does not fit.</summary>
    private bool TryWriteMessage(CallRecording to, Utf8JsonWriter writer, in Place place, ChatMessage message, string? finishReason, bool isClean)
    {
        var start = to.Length;
        foreach (var scope in isClean ? _cleanScopes : _scopes)
        {
            PartWriter.Message(to, writer, scope, message, finishReason);
            var length = to.Length - start;
            if (length <= place.Most)
            {
                to.Add(place.Kind, start, place.Order);
                return true;
            }

            to.Cut(start);
            // What would fit alone is not cut for the sake of those before it.
            if (!place.IsNeeded && length <= MostMessageBytes)
                return false;
        }

        return false;
    }

    private void WriteInstructions(CallRecording to, Utf8JsonWriter writer, string instructions, bool isClean) =>
        WriteShorter(to, writer, RecordedKind.Instructions, MostInstructionsBytes, isClean ? _cleanScopes : _scopes, instructions, static (writer, scope, text) =>
        {
            writer.WriteStartObject();
            writer.WriteString("role"u8, "system"u8);
            writer.WriteStartArray("parts"u8);
            PartWriter.TextPart(writer, scope, text);
            writer.WriteEndArray();
            writer.WriteEndObject();
        });

    private void WriteTools(CallRecording to, Utf8JsonWriter writer, IList<AITool> tools) =>
        WriteShorter(to, writer, RecordedKind.Tools, MostToolsBytes, [Whole, _shortTools], tools, (writer, scope, tools) =>
        {
            var most = scope == Whole ? MostToolsBytes : MostToolsBytes - PerToolBytes;
            writer.WriteStartArray();
            for (var i = 0; i < tools.Count; i++)
            {
                if (ContentScope.IsOver(writer, most))
                {
                    PartWriter.DroppedTools(writer, tools.Count - i);
                    break;
                }

                ToolWriter.Definition(writer, scope, tools[i]);
            }

            writer.WriteEndArray();
        });

    /// <summary>Writes a piece, again and shorter where it takes too much.</summary>
    private static void WriteShorter<T>(
        CallRecording to, Utf8JsonWriter writer, RecordedKind kind, int most, ReadOnlySpan<ContentScope> scopes, T what, Action<Utf8JsonWriter, ContentScope, T> write)
    {
        var start = to.Length;
        for (var i = 0; i == 0 || (i < scopes.Length && to.Length - start > most); i++)
        {
            to.Cut(start);
            write(writer, scopes[i], what);
            End(writer, to);
        }

        to.Add(kind, start);
    }

    /// <summary>Writes a template apart from its variables, so that the store keeps it once.</summary>
    private void WritePrompt(CallRecording to, Utf8JsonWriter writer, LlmPrompt prompt)
    {
        WritePiece(to, writer, RecordedKind.Prompt, prompt, PromptWriter.Template);
        if (prompt.Variables.Count > 0)
            WritePiece(to, writer, RecordedKind.PromptVariables, prompt, PromptWriter.Variables);
    }

    private void WritePiece(CallRecording to, Utf8JsonWriter writer, RecordedKind kind, LlmPrompt prompt, Action<Utf8JsonWriter, ContentScope, LlmPrompt> write)
    {
        var start = to.Length;
        try
        {
            WriteShorter(to, writer, kind, MostPromptBytes, [Whole, Least], prompt, write);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A value is anybody's object; it is lost, the request is not.
            writer.Reset(to);
            to.Cut(start);
        }
    }

    private void WriteOptions(CallRecording to, Utf8JsonWriter writer, ChatOptions options)
    {
        var start = to.Length;
        WriteShorter(to, writer, RecordedKind.Options, MostOptionsBytes, [Whole, Least], options, WriteOptions);
        // "{}" says nothing.
        if (to.Length - start <= 2)
            to.CutLast(start);
    }

    private static void WriteOptions(Utf8JsonWriter writer, ContentScope scope, ChatOptions options)
    {
        writer.WriteStartObject();
        ContentScope.Label(writer, "model"u8, options.ModelId);
        Number(writer, "temperature"u8, options.Temperature);
        Number(writer, "topP"u8, options.TopP);
        Number(writer, "topK"u8, options.TopK);
        Number(writer, "seed"u8, options.Seed);
        Number(writer, "maxOutputTokens"u8, options.MaxOutputTokens);
        Number(writer, "frequencyPenalty"u8, options.FrequencyPenalty);
        Number(writer, "presencePenalty"u8, options.PresencePenalty);
        if (options.StopSequences is { Count: > 0 } stops)
        {
            writer.WriteStartArray("stop"u8);
            foreach (var stop in stops)
            {
                if (scope.IsFull(writer))
                {
                    writer.WriteStringValue(ValueWriter.NoRoom);
                    break;
                }

                scope.Value(writer, stop);
            }

            writer.WriteEndArray();
        }

        if (options.ToolMode is { } mode)
            ContentScope.Label(writer, "toolMode"u8, mode is RequiredChatToolMode required ? required.RequiredFunctionName ?? "required" : mode is NoneChatToolMode ? "none" : "auto");
        if (options.AllowMultipleToolCalls is { } several)
            writer.WriteBoolean("multipleToolCalls"u8, several);
        ContentScope.Label(writer, "reasoningEffort"u8, options.Reasoning?.Effort?.ToString());
        ContentScope.Label(writer, "reasoningOutput"u8, options.Reasoning?.Output?.ToString());
        WriteFormat(writer, scope, options.ResponseFormat);
        writer.WriteEndObject();
    }

    private static void WriteFormat(Utf8JsonWriter writer, ContentScope scope, ChatResponseFormat? format)
    {
        if (format is not null)
            writer.WriteString("responseFormat"u8, format is ChatResponseFormatJson ? "json"u8 : "text"u8);
        if (format is not ChatResponseFormatJson json)
            return;
        ContentScope.Label(writer, "schemaName"u8, json.SchemaName);
        if (json.SchemaDescription is { Length: > 0 } description)
            scope.Text(writer, "schemaDescription"u8, description);
        if (json.Schema is { } schema)
        {
            writer.WritePropertyName("schema"u8);
            ValueWriter.Schema(writer, scope, schema);
        }
    }

    private static void End(Utf8JsonWriter writer, CallRecording to)
    {
        writer.Flush();
        writer.Reset(to);
    }

    private static void Number(Utf8JsonWriter writer, ReadOnlySpan<byte> name, double? value)
    {
        if (value is { } known && double.IsFinite(known))
            writer.WriteNumber(name, known);
    }

    private static void Number(Utf8JsonWriter writer, ReadOnlySpan<byte> name, float? value)
    {
        if (value is { } known && float.IsFinite(known))
            writer.WriteNumber(name, known);
    }

    /// <summary>Where a message belongs, and how many bytes it may take.</summary>
    /// <param name="Kind">Among what.</param>
    /// <param name="Order">In which place.</param>
    /// <param name="Most">The most bytes.</param>
    /// <param name="IsNeeded">Whether it is rather cut shorter than left out.</param>
    private readonly record struct Place(RecordedKind Kind, int Order, int Most, bool IsNeeded);
}
