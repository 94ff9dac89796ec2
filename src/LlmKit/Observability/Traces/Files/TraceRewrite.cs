using System.Text.Json;

namespace LlmKit.Observability.Traces;

/// <summary>Replaces a file by one without what was to be forgotten.</summary>
internal static class TraceRewrite
{
    /// <summary>How the name of a file ends that is not finished.</summary>
    public const string Unfinished = ".new";

    private const int WrittenAtOnce = 64 << 10;

    /// <summary>Writes the new file beside the old one, which it deletes then; none when nothing is left. The age is kept. One process at a time may do it.</summary>
    /// <returns>Whether it was done: another process may have deleted the file.</returns>
    public static bool TryReplace(string from, string to, ForgottenUsers forgotten, TraceDisk disk)
    {
        var unfinished = to + Unfinished;
        try
        {
            // Where the new one is there already, a process was killed before it deleted the old one.
            if (!File.Exists(to))
                Write(from, unfinished, to, forgotten, disk);
            File.Delete(from);
            return true;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private static void Write(string from, string unfinished, string to, ForgottenUsers forgotten, TraceDisk disk)
    {
        var age = File.GetLastWriteTimeUtc(from);
        Copy(from, unfinished, forgotten, disk);
        if (new FileInfo(unfinished).Length == 0)
            return;
        File.SetLastWriteTimeUtc(unfinished, age);
        File.Move(unfinished, to);
    }

    /// <summary>Copies the lines that may stay: records of others, the texts that they refer to, and what was said of them.</summary>
    private static void Copy(string from, string to, ForgottenUsers forgotten, TraceDisk disk)
    {
        var lines = new Lines();
        foreach (var line in File.ReadLines(from))
            Try(line, json => lines.Survey(json, forgotten));
        using var stream = disk.Create(to, FileShare.None);
        using var writer = new StreamWriter(stream, bufferSize: WrittenAtOnce) { NewLine = "\n" };
        foreach (var line in File.ReadLines(from))
        {
            if (Try(line, json => lines.MayStay(json, forgotten)))
                writer.WriteLine(line);
        }

        writer.Flush();
        stream.Flush(flushToDisk: true);
    }

    /// <summary>Whether a line reads and passes. One that does not read may be anybody's, so it goes.</summary>
    private static bool Try(string line, Func<JsonElement, bool> passes)
    {
        try
        {
            using var json = JsonDocument.Parse(line, TraceFile.Strict);
            return passes(json.RootElement);
        }
        catch (Exception exception) when (TraceFile.IsDamage(exception))
        {
            return false;
        }
    }

    /// <summary>Which records stay and which go, and the texts that those need that stay.</summary>
    private sealed class Lines
    {
        private readonly HashSet<string> _kept = new(StringComparer.Ordinal);
        private readonly HashSet<string> _dropped = new(StringComparer.Ordinal);
        private readonly HashSet<string> _needed = new(StringComparer.Ordinal);

        public bool Survey(JsonElement line, ForgottenUsers forgotten)
        {
            if (KindOf(line) != "call")
                return false;
            var trace = TraceReader.Summary(line.GetProperty("d"u8));
            if (forgotten.Has(trace))
                return _dropped.Add(trace.Id);
            _ = TraceReader.Record(line.GetProperty("d"u8), hash =>
            {
                _needed.Add(hash);
                return null;
            });
            return _kept.Add(trace.Id);
        }

        public bool MayStay(JsonElement line, ForgottenUsers forgotten) => KindOf(line) switch
        {
            "call" => _kept.Contains(IdOf(line.GetProperty("d"u8))),
            "msg" => _needed.Contains(line.GetProperty("h"u8).GetString()!),
            "score" => IdOf(line) is var id && !_dropped.Contains(id) && !forgotten.Has(id),
            _ => true,
        };

        private static string? KindOf(JsonElement line) => line.GetProperty("k"u8).GetString();

        private static string IdOf(JsonElement json) => json.GetProperty("id"u8).GetString()!;
    }
}
