using System.Text.Encodings.Web;
using System.Text.Json;
using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Tracing;

/// <summary>Writes what is asked and answered into a recording: each text redacted and cut as on spans, each message a JSON value of its own.</summary>
/// <remarks>Thread-safe. It is written at once, for messages can change while the call runs. The first message and as many of the last ones as fit are kept.</remarks>
internal sealed class RecordedContent
{
    private const int MostBytes = 1024 * 1024;
    private const int MostRequestBytes = MostBytes * 3 / 4;
    private const int MostPromptBytes = MostBytes / 8;
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly bool _redacts;
    private readonly ContentScope _scope;
    private readonly ContentScope _smaller;
    private readonly ContentScope _cleanScope;
    private readonly ContentScope _cleanSmaller;

    [ThreadStatic]
    private static Utf8JsonWriter? spare;

    public RecordedContent(Func<string, string>? redact, int maxText, NamedSecrets? secrets = null)
    {
        _redacts = redact is not null;
        (_scope, _smaller) = Scopes(redact, maxText);
        (_cleanScope, _cleanSmaller) = Scopes(redact: null, maxText);
    }

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
            WriteMessages(to, writer, hooked?.Messages ?? messages, isClean: hooked is not null);
            if (options.AdditionalProperties is { Count: > 0 } properties && properties.TryGetValue(PromptExtensions.PromptKey, out var value) && value is LlmPrompt prompt)
                WritePrompt(to, writer, prompt);
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
                if (to.Length < MostBytes)
                    WriteMessage(to, writer, RecordedKind.Output, i, response.Messages[i], reason, isClean);
                else
                    to.DroppedMessages++;
            }
        }
        finally
        {
            spare = writer;
        }
    }

    private static (ContentScope Whole, ContentScope Smaller) Scopes(Func<string, string>? redact, int maxText) => (
        new(redact, maxText, MostRequestBytes / 2, keepsBlank: true),
        new(redact, Math.Min(maxText, 1024), MostRequestBytes / 4, keepsBlank: true));

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
        for (var i = 0; i < messages.Count; i++)
        {
            var start = to.Length;
            var order = i == 0 ? 0 : messages.Count - i;
            WriteMessage(to, writer, RecordedKind.Input, order, messages[order], finishReason: null, isClean);
            if (i < 2 || to.Length <= MostRequestBytes)
                continue;
            to.CutLast(start);
            to.DroppedMessages = messages.Count - i;
            return;
        }
    }

    private void WriteMessage(CallRecording to, Utf8JsonWriter writer, RecordedKind kind, int order, ChatMessage message, string? finishReason, bool isClean)
    {
        var start = to.Length;
        PartWriter.Message(to, writer, isClean ? _cleanScope : _scope, message, finishReason);
        if (to.Length - start > MostRequestBytes / 2)
        {
            to.Cut(start);
            PartWriter.Message(to, writer, isClean ? _cleanSmaller : _smaller, message, finishReason);
        }

        to.Add(kind, start, order);
    }

    private void WriteInstructions(CallRecording to, Utf8JsonWriter writer, string instructions, bool isClean)
    {
        var start = to.Length;
        writer.WriteStartObject();
        writer.WriteString("role"u8, "system"u8);
        writer.WriteStartArray("parts"u8);
        PartWriter.TextPart(writer, isClean ? _cleanScope : _scope, instructions);
        writer.WriteEndArray();
        writer.WriteEndObject();
        End(writer, to);
        to.Add(RecordedKind.Instructions, start);
    }

    private void WriteTools(CallRecording to, Utf8JsonWriter writer, IList<AITool> tools)
    {
        var start = to.Length;
        writer.WriteStartArray();
        foreach (var tool in tools)
            ToolWriter.Definition(writer, _scope, tool);
        writer.WriteEndArray();
        End(writer, to);
        to.Add(RecordedKind.Tools, start);
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
            write(writer, _scope, prompt);
            End(writer, to);
            if (to.Length - start > MostPromptBytes)
            {
                to.Cut(start);
                write(writer, _smaller, prompt);
                End(writer, to);
            }

            to.Add(kind, start);
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
                _scope.Value(writer, stop);
            writer.WriteEndArray();
        }

        if (options.ToolMode is { } mode)
            ContentScope.Label(writer, "toolMode"u8, mode is RequiredChatToolMode required ? required.RequiredFunctionName ?? "required" : mode is NoneChatToolMode ? "none" : "auto");
        if (options.AllowMultipleToolCalls is { } several)
            writer.WriteBoolean("multipleToolCalls"u8, several);
        ContentScope.Label(writer, "reasoningEffort"u8, options.Reasoning?.Effort?.ToString());
        ContentScope.Label(writer, "reasoningOutput"u8, options.Reasoning?.Output?.ToString());
        WriteFormat(writer, options.ResponseFormat);
        writer.WriteEndObject();
        End(writer, to);
        // "{}" says nothing.
        if (to.Length - start > 2)
            to.Add(RecordedKind.Options, start);
        else
            to.Cut(start);
    }

    private void WriteFormat(Utf8JsonWriter writer, ChatResponseFormat? format)
    {
        if (format is not null)
            writer.WriteString("responseFormat"u8, format is ChatResponseFormatJson ? "json"u8 : "text"u8);
        if (format is not ChatResponseFormatJson json)
            return;
        ContentScope.Label(writer, "schemaName"u8, json.SchemaName);
        if (json.SchemaDescription is { Length: > 0 } description)
            _scope.Text(writer, "schemaDescription"u8, description);
        if (json.Schema is { } schema)
        {
            writer.WritePropertyName("schema"u8);
            ValueWriter.Write(writer, _scope, schema);
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
}
