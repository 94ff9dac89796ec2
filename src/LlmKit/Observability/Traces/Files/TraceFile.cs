using System.Text.Json;

namespace LlmKit.Observability.Traces;

/// <summary>One file of records as far as it has been read: where each record and each text stands.</summary>
/// <remarks>
/// Not thread-safe. A line is a JSON object with its version <c>v</c> and its kind <c>k</c>: <c>msg</c> a text by its hash, <c>call</c> a record, <c>score</c> what
/// was said of one, <c>forget</c> a user to be forgotten. A line that does not read is passed over and counted; one without its end may still be being written.
/// </remarks>
internal sealed class TraceFile(string path)
{
    public const int Version = 1;

    private const int ReadAtOnce = 1 << 20;
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 128 };

    private readonly Dictionary<string, (long Offset, int Length)> _contents = new(StringComparer.Ordinal);

    public string Path { get; } = path;

    /// <summary>Gets or sets how far it has been read: to the end of the last whole line.</summary>
    public long Position { get; set; }

    /// <summary>Gets the lines that did not read.</summary>
    public int Damaged { get; private set; }

    /// <summary>Gets or sets whether it holds records that were to be forgotten.</summary>
    public bool HasForgotten { get; set; }

    /// <summary>Gets or sets whether it was reported that the last line has no end.</summary>
    public bool IsTailKnown { get; set; }

    public bool Has(string hash) => _contents.ContainsKey(hash);

    public void Note(string hash, long offset, int length) => _contents[hash] = (offset, length);

    /// <summary>Reads the lines that came since, and tells of each.</summary>
    /// <returns>Whether something stands after the last whole line.</returns>
    public bool ReadOn(ITraceLines lines)
    {
        using var handle = File.OpenHandle(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var buffer = new byte[ReadAtOnce];
        var filled = 0;
        while (true)
        {
            var read = RandomAccess.Read(handle, buffer.AsSpan(filled), Position + filled);
            if (read == 0)
                return filled > 0;
            filled += read;
            var used = TakeLines(buffer.AsSpan(0, filled), buffer, lines);
            Position += used;
            buffer.AsSpan(used, filled - used).CopyTo(buffer);
            filled -= used;
            if (filled == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
        }
    }

    /// <summary>Reads a record with its texts.</summary>
    public TraceRecord? Read(long offset, int length)
    {
        using var handle = File.OpenHandle(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var line = JsonDocument.Parse(ReadLine(offset, length), Strict);
        return TraceReader.Record(line.RootElement.GetProperty("d"u8), Find);

        TraceMessage? Find(string hash)
        {
            if (!_contents.TryGetValue(hash, out var place))
                return null;
            using var document = JsonDocument.Parse(ReadLine(place.Offset, place.Length), Strict);
            return new(System.Text.Encoding.UTF8.GetBytes(document.RootElement.GetProperty("d"u8).GetRawText()), hash);
        }

        byte[] ReadLine(long from, int count)
        {
            var bytes = new byte[count];
            var read = 0;
            while (read < count && RandomAccess.Read(handle, bytes.AsSpan(read), from + read) is var more and > 0)
                read += more;
            return bytes;
        }
    }

    private int TakeLines(ReadOnlySpan<byte> bytes, byte[] buffer, ITraceLines lines)
    {
        var used = 0;
        while (bytes[used..].IndexOf((byte)'\n') is var length and >= 0)
        {
            TakeLine(buffer.AsMemory(used, length), Position + used, lines);
            used += length + 1;
        }

        return used;
    }

    private void TakeLine(ReadOnlyMemory<byte> line, long offset, ITraceLines lines)
    {
        try
        {
            using var document = JsonDocument.Parse(line, Strict);
            var json = document.RootElement;
            if (json.GetProperty("v"u8).GetInt32() > Version)
                return;
            switch (json.GetProperty("k"u8).GetString())
            {
                case "msg":
                    Note(json.GetProperty("h"u8).GetString()!, offset, line.Length);
                    break;
                case "call":
                    lines.Record(this, TraceReader.Summary(json.GetProperty("d"u8)), offset, line.Length);
                    break;
                case "score":
                    lines.Score(json.GetProperty("id"u8).GetString()!, TraceReader.Score(json.GetProperty("d"u8)));
                    break;
                case "forget":
                    lines.Forget(json.GetProperty("h"u8).GetString()!, json.GetProperty("at"u8).GetDateTimeOffset());
                    break;
            }
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            Damaged++;
        }
    }
}

/// <summary>Is told of the lines of a file.</summary>
internal interface ITraceLines
{
    void Record(TraceFile file, TraceSummary trace, long offset, int length);

    void Score(string id, TraceScore score);

    void Forget(string user, DateTimeOffset at);
}
