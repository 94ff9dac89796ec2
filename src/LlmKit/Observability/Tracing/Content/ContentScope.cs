using System.Text.Json;

namespace LlmKit.Observability.Tracing;

/// <summary>Writes texts as JSON: each redacted as a whole first, then cut on a rune boundary, and no more of them than the budget holds.</summary>
/// <param name="redact">What replaces a text; may throw.</param>
/// <param name="textLimit">How many characters of a text are written.</param>
/// <param name="budget">After how many bytes of the current value nothing more is begun.</param>
internal sealed class ContentScope(Func<string, string>? redact, int textLimit, long budget)
{
    private const int LabelLimit = 256;

    /// <summary>Gets whether texts are redacted at all.</summary>
    public bool Redacts => redact is not null;

    public static bool IsOver(Utf8JsonWriter writer, long bytes) => writer.BytesCommitted + writer.BytesPending > bytes;

    public bool IsFull(Utf8JsonWriter writer) => IsOver(writer, budget);

    /// <summary>Gives a text as it may be written, uncut; <see langword="null"/> when its redaction failed: then nothing of it may be.</summary>
    public string? Clean(string text)
    {
        if (redact is null)
            return text;
        try
        {
            return redact(text);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return null;
        }
    }

    /// <summary>Writes a text as a property, with what was done to it beside.</summary>
    public void Text(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string text)
    {
        var clean = Clean(text);
        writer.WriteString(name, Cut(clean ?? "", textLimit));
        if (clean is null)
        {
            writer.WriteBoolean("llmkit.redaction_failed"u8, true);
        }
        else if (clean.Length > textLimit)
        {
            writer.WriteStartObject("llmkit.truncated"u8);
            writer.WriteNumber("original_chars"u8, clean.Length);
            writer.WriteEndObject();
        }
    }

    /// <summary>Writes a text as a value inside a tool's arguments or result, where there is no place beside it.</summary>
    public void Value(Utf8JsonWriter writer, string text)
    {
        var clean = Clean(text);
        if (clean is null)
            writer.WriteStringValue("[redaction failed]"u8);
        else if (clean.Length <= textLimit)
            writer.WriteStringValue(clean);
        else
            writer.WriteStringValue($"{Cut(clean, textLimit)}… [cut, {clean.Length} characters]");
    }

    /// <summary>Writes a property's name, which a model may have made up.</summary>
    public void PropertyName(Utf8JsonWriter writer, string name) =>
        writer.WritePropertyName(Cut(Clean(name) ?? "[redaction failed]", LabelLimit));

    /// <summary>Writes an identifier, such as a tool's name, when there is one: bounded, not redacted.</summary>
    public static void Label(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? label)
    {
        if (!string.IsNullOrEmpty(label))
            writer.WriteString(name, Cut(label, LabelLimit));
    }

    private static ReadOnlySpan<char> Cut(string text, int limit)
    {
        if (text.Length <= limit)
            return text;
        return text.AsSpan(0, char.IsHighSurrogate(text[limit - 1]) ? limit - 1 : limit);
    }
}
