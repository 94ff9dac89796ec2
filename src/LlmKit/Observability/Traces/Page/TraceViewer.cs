using System.Buffers;
using System.Text.Json;

namespace LlmKit.Observability.Traces;

/// <summary>The parts of the live page of traces: for <c>LlmKit.AspNetCore</c>, and for those who serve it by other means.</summary>
/// <remarks>Thread-safe. Whoever serves it sees to it that only those who may read every prompt and answer can.</remarks>
public static class TraceViewer
{
    /// <summary>Gets the content security policy of the live page. Send it as a header too: <c>frame-ancestors</c> holds only there.</summary>
    public static string ContentSecurityPolicy { get; } = ViewerPage.Policy(isLive: true) + "; frame-ancestors 'none'";

    /// <summary>Gives the live page.</summary>
    /// <param name="api">The path of its JSON API, such as <c>/llm/api</c>, of the same origin.</param>
    /// <param name="title">Its title.</param>
    /// <returns>HTML in UTF-8.</returns>
    public static ReadOnlyMemory<byte> Page(string api, string title = "LLM traces")
    {
        ArgumentNullException.ThrowIfNull(api);
        ArgumentNullException.ThrowIfNull(title);
        var index = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(index))
        {
            writer.WriteStartObject();
            writer.WriteString("title"u8, title);
            writer.WriteString("api"u8, api.TrimEnd('/'));
            writer.WriteEndObject();
        }

        var page = new ArrayBufferWriter<byte>();
        page.Write(ViewerPage.Before(title, isLive: true).Span);
        page.Write("<script type=\"application/json\" id=\"index\">"u8);
        ScriptText.Write(page, index.WrittenSpan);
        page.Write("</script>\n"u8);
        page.Write(ViewerPage.After.Span);
        return page.WrittenMemory;
    }

    /// <summary>Writes what the page's list shows of a record.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="trace">The record.</param>
    public static void WriteRow(Utf8JsonWriter writer, TraceSummary trace)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(trace);
        TraceRow.Write(writer, trace);
    }

    /// <summary>Writes all that is known of a record but its texts.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="trace">The record.</param>
    public static void WriteSummary(Utf8JsonWriter writer, TraceSummary trace)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(trace);
        TraceJson.WriteSummary(writer, trace);
    }

    /// <summary>Writes a record with its texts.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="trace">The record.</param>
    public static void WriteRecord(Utf8JsonWriter writer, TraceRecord trace)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(trace);
        TraceJson.WriteRecord(writer, trace, byHash: false);
    }
}
