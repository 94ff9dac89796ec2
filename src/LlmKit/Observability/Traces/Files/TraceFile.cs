using System.Globalization;
using System.Text.Json;

namespace LlmKit.Observability.Traces;

/// <summary>One file of records as far as it has been read: where each record and each text stands.</summary>
/// <remarks>
/// Not thread-safe. A line is a JSON object with its version <c>v</c> and its kind <c>k</c>: <c>msg</c> a text by its hash, <c>call</c> a record, <c>score</c> what
/// was said of one, <c>forget</c> a user to be forgotten, with the ids of records that go with them and do not say so. A line that does not read is passed over and counted; one without its end may still be being written.
/// </remarks>
internal sealed class TraceFile(string path, TraceDisk disk)
{
    public const int Version = 1;

    public static readonly JsonDocumentOptions Strict = new() { MaxDepth = 128 };

    private const int NameParts = 3;
    private const int ReadAtOnce = 1 << 20;

    private readonly Dictionary<string, (long Offset, int Length)> _contents = new(StringComparer.Ordinal);

    public string Path { get; } = path;

    /// <summary>Gets whether it took the place of a file that held what was to be forgotten: it has that file's name with one part more.</summary>
    public bool IsRewritten { get; } = System.IO.Path.GetFileName(path.AsSpan()).Count('-') >= NameParts;

    /// <summary>Gets or sets how far it has been read: to the end of the last whole line.</summary>
    public long Position { get; set; }

    /// <summary>Gets the lines that did not read.</summary>
    public int Damaged { get; private set; }

    /// <summary>Gets or sets whether it holds records that were to be forgotten.</summary>
    public bool HasForgotten { get; set; }

    /// <summary>Gets or sets whether its last line has no end, and never will: its process was killed.</summary>
    public bool IsTorn { get; set; }

    /// <summary>Gives the file that is to take its place. Its name sorts where the old one's does, and is another, so that processes notice; whoever rewrites it means the same.</summary>
    public TraceFile Rewritten()
    {
        var name = System.IO.Path.GetFileNameWithoutExtension(Path).Split('-');
        var time = name.Length > NameParts && int.TryParse(name[NameParts], NumberStyles.None, CultureInfo.InvariantCulture, out var last) ? last + 1 : 1;
        var parts = name.Take(NameParts).Append(time.ToString("d6", CultureInfo.InvariantCulture));
        return new(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path)!, string.Join('-', parts) + ".jsonl"), disk);
    }

    public bool Has(string hash) => _contents.ContainsKey(hash);

    public void Note(string hash, long offset, int length) => _contents[hash] = (offset, length);

    /// <summary>Whether reading a line failed by what stands in it.</summary>
    public static bool IsDamage(Exception exception) =>
        exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException or ArithmeticException;

    /// <summary>Reads the lines that came since, and tells of each.</summary>
    /// <returns>Whether something stands after the last whole line.</returns>
    public bool ReadOn(ITraceLines lines)
    {
        using var handle = disk.OpenRead(Path);
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

    /// <summary>Reads a record with its texts; <see langword="null"/> when another stands there.</summary>
    public TraceRecord? Read(string id, long offset, int length)
    {
        using var handle = disk.OpenRead(Path);
        using var line = JsonDocument.Parse(ReadLine(offset, length), Strict);
        var record = line.RootElement.GetProperty("d"u8);
        return record.GetProperty("id"u8).ValueEquals(id) ? TraceReader.Record(record, Find) : null;

        TraceMessage? Find(string hash)
        {
            if (!_contents.TryGetValue(hash, out var place))
                return null;
            using var document = JsonDocument.Parse(ReadLine(place.Offset, place.Length), Strict);
            if (!document.RootElement.GetProperty("h"u8).ValueEquals(hash))
                return null;
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
                    lines.Score(this, json.GetProperty("id"u8).GetString()!, TraceReader.Score(json.GetProperty("d"u8)));
                    break;
                case "forget":
                    lines.Forget(new(json.GetProperty("h"u8).GetString()!, json.GetProperty("at"u8).GetDateTimeOffset(), IdsOf(json)));
                    break;
            }
        }
        catch (Exception exception) when (IsDamage(exception))
        {
            Damaged++;
        }
    }

    private static string[] IdsOf(JsonElement json) => json.TryGetProperty("ids"u8, out var ids) ? [.. ids.EnumerateArray().Select(id => id.GetString()!)] : [];
}

/// <summary>Is told of the lines of a file.</summary>
internal interface ITraceLines
{
    void Record(TraceFile file, TraceSummary trace, long offset, int length);

    void Score(TraceFile file, string id, TraceScore score);

    void Forget(Forgotten forgotten);
}
