using System.Buffers;
using System.Text.Json;
using LlmKit.Internal;

namespace LlmKit.Observability.Tracing;

/// <summary>Writes texts as JSON: each redacted as a whole first, then cut on a rune boundary, and no more of them than the budget holds.</summary>
/// <param name="redact">What replaces a text; may throw.</param>
/// <param name="textLimit">How many characters of a text are written.</param>
/// <param name="budget">After how many bytes of the current value nothing more is begun.</param>
/// <param name="keepsBlank">Whether a text of white space is written: the conventions skip it, who asks again needs it.</param>
/// <param name="secrets">Which names say that a value is a secret; <see langword="null"/> for the usual ones.</param>
internal sealed class ContentScope(Func<string, string>? redact, int textLimit, long budget, bool keepsBlank = false, NamedSecrets? secrets = null)
{
    /// <summary>How many characters of an identifier are written.</summary>
    public const int LabelLimit = 256;

    /// <summary>What stands for a text that could not be redacted, where there is no place beside it.</summary>
    public const string RedactionFailed = "[redaction failed]";

    /// <summary>What stands for a value that is not told.</summary>
    public const string Withheld = "[withheld]";

    private const int LeastScratch = 4_096;
    private const int MostScratch = 256 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? spare;

    private readonly NamedSecrets _secrets = secrets ?? NamedSecrets.Default;

    /// <summary>Gets whether texts are redacted at all.</summary>
    public bool Redacts => redact is not null;

    public static bool IsOver(Utf8JsonWriter writer, long bytes) => writer.BytesCommitted + writer.BytesPending > bytes;

    public bool IsFull(Utf8JsonWriter writer) => IsOver(writer, budget);

    public bool IsNothing(string? text) => keepsBlank ? string.IsNullOrEmpty(text) : string.IsNullOrWhiteSpace(text);

    /// <summary>Gives a scope that withholds the same values, and cuts and redacts nothing.</summary>
    public ContentScope Uncut() => new(redact: null, int.MaxValue, long.MaxValue, keepsBlank: true, _secrets);

    /// <summary>Whether a value is not told because its name says that it is a secret. Nothing, yes and no are none.</summary>
    public bool Withholds(string name, object? value) => value is JsonElement json ? Withholds(name, json) : value is not (null or bool) && _secrets.Has(name);

    public bool Withholds(string name, JsonElement value) =>
        value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined or JsonValueKind.True or JsonValueKind.False) && _secrets.Has(name);

    /// <summary>Whether a text is written to its end.</summary>
    public bool IsShort(string text) => text.Length <= textLimit;

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
        writer.WritePropertyName(name);
        var scratch = Take();
        var pen = new JsonPen(scratch);
        Text(ref pen, text);
        pen.End();
        Give(writer, scratch);
    }

    /// <summary>Writes a text as a property's value and behind it, as properties of their own, what was done to it.</summary>
    public void Text(ref JsonPen pen, string text)
    {
        var clean = Clean(text);
        pen.Text(Cut(clean ?? "", textLimit));
        if (clean is null)
        {
            pen.Raw(",\"llmkit.redaction_failed\":true"u8);
        }
        else if (clean.Length > textLimit)
        {
            pen.Raw(",\"llmkit.truncated\":{\"original_chars\":"u8);
            pen.Number(clean.Length);
            pen.Raw("}"u8);
        }
    }

    /// <summary>Writes a text as a value inside a tool's arguments or result, where there is no place beside it.</summary>
    public void Value(Utf8JsonWriter writer, string text)
    {
        var clean = Clean(text);
        if (clean is null)
            writer.WriteStringValue(RedactionFailed);
        else if (clean.Length <= textLimit)
            Escaped(writer, clean);
        else
            Escaped(writer, $"{Cut(clean, textLimit)}… [cut, {clean.Length} characters]");
    }

    private static void Escaped(Utf8JsonWriter writer, ReadOnlySpan<char> text)
    {
        var scratch = Take();
        var pen = new JsonPen(scratch);
        pen.Text(text);
        pen.End();
        Give(writer, scratch);
    }

    /// <summary>Writes a property's name, which a model may have made up.</summary>
    public void PropertyName(Utf8JsonWriter writer, string name) =>
        writer.WritePropertyName(Cut(Clean(name) ?? RedactionFailed, LabelLimit));

    /// <summary>Writes an identifier, such as a tool's name, when there is one: bounded, not redacted.</summary>
    public static void Label(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? label)
    {
        if (!string.IsNullOrEmpty(label))
            writer.WriteString(name, Cut(label, LabelLimit));
    }

    private static ArrayBufferWriter<byte> Take()
    {
        // Taken, not shared: a redaction may call a pipeline that is traced itself.
        var scratch = spare ?? new(LeastScratch);
        spare = null;
        return scratch;
    }

    private static void Give(Utf8JsonWriter writer, ArrayBufferWriter<byte> scratch)
    {
        writer.WriteRawValue(scratch.WrittenSpan, skipInputValidation: true);
        scratch.ResetWrittenCount();
        if (scratch.Capacity <= MostScratch)
            spare = scratch;
    }

    private static ReadOnlySpan<char> Cut(string text, int limit)
    {
        if (text.Length <= limit)
            return text;
        return text.AsSpan(0, char.IsHighSurrogate(text[limit - 1]) ? limit - 1 : limit);
    }
}
