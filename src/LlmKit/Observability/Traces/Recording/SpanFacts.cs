using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using LlmKit.Calls;

namespace LlmKit.Observability.Traces;

/// <summary>Reads what a span says of itself, on the writer's time: its attributes, and the texts that LlmKit wrote, through what the container's pipelines redact.</summary>
/// <remarks>Thread-safe. Before any pipeline is known, texts are kept only of scopes that have a redaction of their own: it is not known yet what must go.</remarks>
internal sealed class SpanFacts(bool keepsTexts)
{
    private const string Covered = "llmkit.covered";

    private ImmutableArray<Func<string, string>> _redactions = [];
    private volatile bool _isKnown;

    /// <summary>Takes what the texts of a pipeline go through.</summary>
    public void Know(Func<string, string>? redact)
    {
        if (redact is not null)
            ImmutableInterlocked.Update(ref _redactions, static (known, one) => known.Contains(one) ? known : known.Add(one), redact);
        _isKnown = true;
    }

    /// <summary>Notes on the spans around a call that a record tells of it: where others tell the same call, it counts once.</summary>
    public static void Cover(Activity? span)
    {
        for (; span is not null; span = span.Parent)
        {
            if (!ReferenceEquals(span.Source, LlmKitDiagnostics.ActivitySource))
                span.SetCustomProperty(Covered, Covered);
        }
    }

    /// <summary>Completes the record of a span.</summary>
    public TraceRecord AddTo(TraceRecord record, Activity span)
    {
        try
        {
            if (record.Kind == TraceKind.Chat && span.GetCustomProperty(Covered) is not null)
                record = record with { Kind = TraceKind.Other, Usage = default };
            record = record with { Attributes = SpanAttributes.Of(span) };
            return keepsTexts && SpanTexts.Find(span) is { } texts && (texts.IsRedacted || _isKnown) ? WithTexts(record, texts) : record;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A text that does not read is lost; the span is not.
            TraceTelemetry.Dropped("content");
            return record;
        }
    }

    private TraceRecord WithTexts(TraceRecord record, SpanTexts texts)
    {
        var clean = texts.IsRedacted || _redactions.IsEmpty ? null : new CleanJson(_redactions);
        return record with
        {
            IsRedacted = texts.IsRedacted || clean is not null,
            Instructions = texts.Instructions is { } parts ? new(Encoding.UTF8.GetBytes($$"""{"role":"system","parts":{{Cleaned(parts)}}}""")) : null,
            Documents = texts.Documents is { } documents ? new(Encoding.UTF8.GetBytes(Cleaned(documents))) : null,
            Input = texts.Query is { } query ? [Message("tool", clean?.Text(query) ?? query)] : Said(texts.Input, texts.Arguments),
            Output = Said(texts.Output, texts.Result),
        };

        string Cleaned(string json) => clean?.Json(json) ?? json;

        TraceMessage[] Said(string? messages, string? value) =>
            messages is not null ? Messages(Cleaned(messages)) : value is not null ? [Message("tool", Cleaned(value))] : [];
    }

    private static TraceMessage[] Messages(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateArray().Select(static message => new TraceMessage(Encoding.UTF8.GetBytes(message.GetRawText())))];
    }

    private static TraceMessage Message(string role, string text)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, TraceJson.Compact))
        {
            writer.WriteStartObject();
            writer.WriteString("role"u8, role);
            writer.WriteStartArray("parts"u8);
            writer.WriteStartObject();
            writer.WriteString("type"u8, "text"u8);
            writer.WriteString("content"u8, text);
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return new(stream.ToArray());
    }
}
