using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace LlmKit.Observability.Traces;

/// <summary>The files of a folder: which there are, which are too old, and which hold what was to be forgotten. Not thread-safe.</summary>
internal sealed class TraceFolder(string path, TraceIndex index, ILogger logger)
{
    private const string Pattern = "*.jsonl";

    private readonly Dictionary<string, TraceFile> _files = new(StringComparer.Ordinal);

    public string Path => path;

    public void Add(TraceFile file) => _files[file.Path] = file;

    /// <summary>Reads what other processes have written since, and notices files that are gone.</summary>
    public void Refresh(TraceFile? own)
    {
        var there = Directory.EnumerateFiles(path, Pattern).Order(StringComparer.Ordinal).ToList();
        foreach (var gone in _files.Keys.Except(there, StringComparer.Ordinal).ToList())
        {
            index.Drop(_files[gone]);
            _files.Remove(gone);
        }

        foreach (var name in there)
        {
            if (!_files.TryGetValue(name, out var file))
                _files[name] = file = new(name);
            if (file != own)
                ReadOn(file);
        }
    }

    /// <summary>Deletes files that are too old, and the oldest while all are too large. Those that are being written stay.</summary>
    public void DeleteOld(TraceOptions options, DateTimeOffset now)
    {
        var files = new DirectoryInfo(path).EnumerateFiles(Pattern).OrderBy(file => file.LastWriteTimeUtc).ToList();
        var bytes = files.Sum(file => file.Length);
        foreach (var file in files)
        {
            if (now.UtcDateTime - file.LastWriteTimeUtc <= options.Retention && bytes <= options.MaxDiskBytes)
                continue;
            if (IsWritten(file.FullName))
                continue;
            bytes -= file.Length;
            file.Delete();
            if (_files.Remove(file.FullName, out var known) || _files.Remove(System.IO.Path.Combine(path, file.Name), out known))
                index.Drop(known);
        }
    }

    /// <summary>Rewrites the files that hold what was to be forgotten, except those that are being written.</summary>
    public void Purge(TraceFile? own)
    {
        foreach (var file in _files.Values.Where(file => file != own && file.HasForgotten).ToList())
            PurgeOne(file);
    }

    public void PurgeOne(TraceFile file)
    {
        if (!file.HasForgotten || IsWritten(file.Path))
            return;
        var fresh = file.Path + ".new";
        Rewrite(file.Path, fresh);
        File.Move(fresh, file.Path, overwrite: true);
        index.Drop(file);
        _files[file.Path] = file = new(file.Path);
        ReadOn(file);
    }

    /// <summary>Copies the lines that may stay: records of others, the texts that they refer to, and what was said of them.</summary>
    private void Rewrite(string from, string to)
    {
        var (kept, dropped, needed) = Survey(from);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var stream = new FileStream(to, options);
        using var writer = new StreamWriter(stream) { NewLine = "\n" };
        foreach (var line in File.ReadLines(from))
        {
            if (MayStay(line, kept, dropped, needed))
                writer.WriteLine(line);
        }

        writer.Flush();
        stream.Flush(flushToDisk: true);
    }

    private (HashSet<string> Kept, HashSet<string> Dropped, HashSet<string> Needed) Survey(string from)
    {
        var (kept, dropped, needed) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var line in File.ReadLines(from))
        {
            using var json = Parse(line);
            if (json is null || KindOf(json) != "call")
                continue;
            var trace = TraceReader.Summary(json.RootElement.GetProperty("d"u8));
            if (index.IsForgotten(trace))
            {
                dropped.Add(trace.Id);
                continue;
            }

            kept.Add(trace.Id);
            _ = TraceReader.Record(json.RootElement.GetProperty("d"u8), hash =>
            {
                needed.Add(hash);
                return null;
            });
        }

        return (kept, dropped, needed);
    }

    private static bool MayStay(string line, HashSet<string> kept, HashSet<string> dropped, HashSet<string> needed)
    {
        using var json = Parse(line);
        return json is not null && KindOf(json) switch
        {
            "call" => kept.Contains(json.RootElement.GetProperty("d"u8).GetProperty("id"u8).GetString()!),
            "msg" => needed.Contains(json.RootElement.GetProperty("h"u8).GetString()!),
            "score" => !dropped.Contains(json.RootElement.GetProperty("id"u8).GetString()!),
            _ => true,
        };
    }

    private static string? KindOf(JsonDocument json) => json.RootElement.TryGetProperty("k"u8, out var kind) ? kind.GetString() : null;

    private static JsonDocument? Parse(string line)
    {
        try
        {
            return JsonDocument.Parse(line, new() { MaxDepth = 128 });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void ReadOn(TraceFile file)
    {
        try
        {
            if (new FileInfo(file.Path).Length == file.Position)
                return;
            var damaged = file.Damaged;
            var hasTail = file.ReadOn(index);
            // What no process writes any more ends in the middle of a line: its process was killed.
            var torn = file.Damaged - damaged + (hasTail && !file.IsTailKnown && !IsWritten(file.Path) ? 1 : 0);
            file.IsTailKnown |= hasTail;
            if (torn == 0)
                return;
            TraceTelemetry.Torn(logger, System.IO.Path.GetFileName(file.Path), torn);
            TraceTelemetry.Dropped("torn", torn);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            TraceTelemetry.Failed(logger, "read", exception.GetType().Name);
        }
    }

    /// <summary>Whether some process has the file open for writing.</summary>
    private static bool IsWritten(string file)
    {
        try
        {
            using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }
}
