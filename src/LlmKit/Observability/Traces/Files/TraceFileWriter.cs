using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace LlmKit.Observability.Traces;

/// <summary>Appends lines to a file that this process alone writes and its owner alone reads.</summary>
/// <remarks>Not thread-safe. Lines are given to the system together: they outlive the process, and the machine after <see cref="Flush"/>.</remarks>
internal sealed class TraceFileWriter : IDisposable
{
    private readonly ArrayBufferWriter<byte> _lines = new();
    private readonly Utf8JsonWriter _writer;
    private readonly FileStream _stream;
    private long _length;

    public TraceFileWriter(string directory, DateTimeOffset now, TraceDisk disk)
    {
        _writer = new(_lines, TraceJson.Compact);
        Day = now.UtcDateTime.Date;
        var name = string.Create(CultureInfo.InvariantCulture, $"{now.UtcDateTime:yyyyMMdd}-{Environment.ProcessId}-{Guid.CreateVersion7(now):n}.jsonl");
        File = new(Path.Combine(directory, name), disk);
        _stream = disk.Create(File.Path, FileShare.Read);
    }

    public TraceFile File { get; }

    public DateTime Day { get; }

    public long Length => _length;

    /// <summary>Adds a record and the texts of it that the file has not got; gives where it will stand.</summary>
    public (long Offset, int Length) Add(TraceRecord record)
    {
        foreach (var content in record.Contents)
        {
            if (!File.Has(content.Hash))
                AddContent(content);
        }

        var start = Begin("call"u8);
        _writer.WritePropertyName("d"u8);
        TraceJson.WriteRecord(_writer, record, byHash: true);
        return End(start);
    }

    public void Add(string id, TraceScore score)
    {
        var start = Begin("score"u8);
        _writer.WriteString("id"u8, id);
        _writer.WritePropertyName("d"u8);
        TraceJson.WriteScore(_writer, score);
        End(start);
    }

    public void Add(Forgotten forgotten)
    {
        var start = Begin("forget"u8);
        _writer.WriteString("h"u8, forgotten.User);
        _writer.WriteString("at"u8, forgotten.At);
        if (forgotten.Ids.Count > 0)
        {
            _writer.WriteStartArray("ids"u8);
            foreach (var id in forgotten.Ids)
                _writer.WriteStringValue(id);
            _writer.WriteEndArray();
        }

        End(start);
    }

    /// <summary>Gives the system what was added. All of it is in the file then, or nothing.</summary>
    public void Append()
    {
        if (_lines.WrittenCount == 0)
            return;
        try
        {
            _stream.Position = _length;
            _stream.Write(_lines.WrittenSpan);
            _length += _lines.WrittenCount;
            File.Position = _length;
        }
        catch
        {
            // Half a line would spoil the next one.
            _stream.SetLength(_length);
            throw;
        }
        finally
        {
            _lines.ResetWrittenCount();
        }
    }

    /// <summary>Waits until the disk has what was added. Once this has failed, nothing can be said of what was added before: begin another file.</summary>
    public void Flush() => _stream.Flush(flushToDisk: true);

    public void Dispose()
    {
        _stream.Dispose();
        _writer.Dispose();
    }

    private void AddContent(TraceMessage content)
    {
        var start = Begin("msg"u8);
        _writer.WriteString("h"u8, content.Hash);
        _writer.WritePropertyName("d"u8);
        _writer.WriteRawValue(content.Json.Span, skipInputValidation: true);
        var (offset, length) = End(start);
        File.Note(content.Hash, offset, length);
    }

    private int Begin(ReadOnlySpan<byte> kind)
    {
        var start = _lines.WrittenCount;
        _writer.Reset(_lines);
        _writer.WriteStartObject();
        _writer.WriteNumber("v"u8, TraceFile.Version);
        _writer.WriteString("k"u8, kind);
        return start;
    }

    private (long Offset, int Length) End(int start)
    {
        _writer.WriteEndObject();
        _writer.Flush();
        var place = (_length + start, _lines.WrittenCount - start);
        _lines.Write("\n"u8);
        return place;
    }
}
