using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;

namespace LlmKit.Observability.Traces;

/// <summary>Writes traces as one HTML file that needs nothing else: no server, no network, no other file.</summary>
/// <remarks>
/// Sensitive where content is kept: the file holds every text of its records. What traces say is hostile until proven otherwise, so it is data only:
/// the page sets texts, never markup, loads nothing, and its content security policy lets nothing run but its own script.
/// Each message is written once however many records refer to it, and is read when somebody opens one that does.
/// </remarks>
public static class HtmlTraceReport
{
    private const long LeastBytes = 1_000;

    /// <summary>Writes a report.</summary>
    /// <param name="traces">The records, in any order; where not all fit, the earlier ones are written.</param>
    /// <param name="stream">Where to; it is neither flushed nor closed.</param>
    /// <param name="options">How; the defaults when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Ends the writing; the file is then cut off.</param>
    /// <returns>A task that ends when everything is written.</returns>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static async Task WriteAsync(IEnumerable<TraceRecord> traces, Stream stream, HtmlTraceReportOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(traces);
        ArgumentNullException.ThrowIfNull(stream);
        options ??= new();
        if (options.MaxBytes < LeastBytes)
            throw new ArgumentException($"The most bytes '{options.MaxBytes}' are fewer than {LeastBytes}. Set HtmlTraceReportOptions.MaxBytes to a size in bytes such as 50_000_000.", nameof(options));

        await stream.WriteAsync(ViewerPage.Before(options.Title, isLive: false), cancellationToken).ConfigureAwait(false);
        var report = new Writing(options.MaxBytes);
        foreach (var trace in traces)
        {
            cancellationToken.ThrowIfCancellationRequested();
            report.Add(trace);
            await stream.WriteAsync(report.Written, cancellationToken).ConfigureAwait(false);
        }

        await stream.WriteAsync(report.Index(options.Title, options.MaxBytes), cancellationToken).ConfigureAwait(false);
        await stream.WriteAsync(ViewerPage.After, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What was written so far, and what there is still room for.</summary>
    private sealed class Writing(long maxBytes)
    {
        private readonly ArrayBufferWriter<byte> _json = new();
        private readonly ArrayBufferWriter<byte> _blocks = new();
        private readonly ArrayBufferWriter<byte> _rows = new();
        private readonly HashSet<string> _known = new(StringComparer.Ordinal);
        private long _left = maxBytes;
        private int _count;
        private int _leftOut;

        /// <summary>The blocks of the record that was added last; none when it did not fit.</summary>
        public ReadOnlyMemory<byte> Written => _blocks.WrittenMemory;

        public void Add(TraceRecord trace)
        {
            _blocks.ResetWrittenCount();
            Block($"r{_count}", writer => TraceJson.WriteRecord(writer, trace, byHash: true));
            var added = new List<string>();
            foreach (var content in trace.Contents)
            {
                if (_known.Contains(content.Hash) || added.Contains(content.Hash))
                    continue;
                added.Add(content.Hash);
                Block("m" + content.Hash, content.Json.Span);
            }

            var row = Json(writer => TraceRow.Write(writer, trace));
            if (_blocks.WrittenCount + row.Length > _left)
            {
                _leftOut++;
                _blocks.ResetWrittenCount();
                return;
            }

            _left -= _blocks.WrittenCount + row.Length;
            _known.UnionWith(added);
            if (_count++ > 0)
                _rows.Write(","u8);
            _rows.Write(row);
        }

        public ReadOnlyMemory<byte> Index(string title, long maxBytes)
        {
            _blocks.ResetWrittenCount();
            Block("index", writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("title"u8, title);
                writer.WriteNumber("leftOut"u8, _leftOut);
                writer.WriteNumber("maxBytes"u8, maxBytes);
                writer.WriteStartArray("rows"u8);
                if (_count > 0)
                    writer.WriteRawValue(_rows.WrittenSpan, skipInputValidation: true);
                writer.WriteEndArray();
                writer.WriteEndObject();
            });
            return _blocks.WrittenMemory;
        }

        private void Block(string id, Action<Utf8JsonWriter> write) => Block(id, Json(write));

        private void Block(string id, ReadOnlySpan<byte> json)
        {
            _blocks.Write("<script type=\"application/json\" id=\""u8);
            _blocks.Write(Encoding.UTF8.GetBytes(WebUtility.HtmlEncode(id)));
            _blocks.Write("\">"u8);
            ScriptText.Write(_blocks, json);
            _blocks.Write("</script>\n"u8);
        }

        private ReadOnlySpan<byte> Json(Action<Utf8JsonWriter> write)
        {
            _json.ResetWrittenCount();
            using var writer = new Utf8JsonWriter(_json, TraceJson.Compact);
            write(writer);
            writer.Flush();
            return _json.WrittenSpan;
        }
    }
}
