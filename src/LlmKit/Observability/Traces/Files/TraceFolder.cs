using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;

namespace LlmKit.Observability.Traces;

/// <summary>The files of a folder: which there are, which are too old, and which hold what was to be forgotten. Not thread-safe.</summary>
internal sealed class TraceFolder(string path, TraceIndex index, ILogger logger, TraceDisk? disk = null, int most = TraceFolder.MostRecords)
{
    public const int MostRecords = 1_000_000;

    private const string Pattern = "*.jsonl";
    private const string TurnName = "purge.lock";
    private static readonly TimeSpan LeftAfter = TimeSpan.FromHours(1);

    private readonly Dictionary<string, TraceFile> _files = new(StringComparer.Ordinal);
    private readonly TraceDisk _disk = disk ?? TraceDisk.Real;

    public string Path => path;

    /// <summary>Gets whether a file holds what was to be forgotten.</summary>
    public bool HasForgotten => _files.Values.Any(Holds);

    public void Add(TraceFile file) => _files[file.Path] = file;

    /// <summary>Reads what other processes have written since, and notices files that are gone.</summary>
    public void Refresh(TraceFile? own)
    {
        var there = Directory.EnumerateFiles(path, Pattern).Order(StringComparer.Ordinal).ToList();
        foreach (var gone in _files.Keys.Except(there, StringComparer.Ordinal).ToList())
        {
            // Perhaps another process has rewritten it: it is read again below.
            index.PutAside(_files[gone]);
            _files.Remove(gone);
        }

        foreach (var name in there)
        {
            if (!_files.TryGetValue(name, out var file))
                _files[name] = file = new(name, _disk);
            if (file != own)
                ReadOn(file);
        }

        index.Restore();
    }

    /// <summary>Deletes files that are too old, and the oldest while all are too large or hold too many records. Those that are being written stay.</summary>
    /// <remarks>Read first: who was to be forgotten may stand in what is deleted.</remarks>
    /// <returns>Whether any was deleted.</returns>
    public bool DeleteOld(TraceStoreOptions options, DateTimeOffset now)
    {
        DeleteLeft(now);
        // Another process may delete one meanwhile: asked whether it exists, a file remembers its length too.
        var files = new DirectoryInfo(path).EnumerateFiles(Pattern).Where(file => file.Exists)
            .Select(file => (File: file, file.Length, At: file.LastWriteTimeUtc)).OrderBy(file => file.At).ToList();
        var bytes = files.Sum(file => file.Length);
        var (deleted, evicted) = (false, 0);
        foreach (var (file, length, at) in files)
        {
            var isOld = now.UtcDateTime - at > options.Retention;
            if (!isOld && bytes <= options.MaxDiskBytes && index.Count <= most)
                continue;
            if (IsWritten(file.FullName) || !TryDelete(file))
                continue;
            deleted = true;
            bytes -= length;
            var known = _files.Remove(file.FullName, out var found) || _files.Remove(System.IO.Path.Combine(path, file.Name), out found) ? index.Drop(found) : 0;
            evicted += isOld ? 0 : known;
        }

        if (evicted > 0)
            TraceTelemetry.Dropped("evicted", evicted);
        return deleted;
    }

    /// <summary>Reads what others have written, and rewrites what may be. What fails is logged, and tried again when the next file is begun.</summary>
    public void Clean()
    {
        try
        {
            Refresh(own: null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            TraceTelemetry.Failed(logger, "read", exception.GetType().Name);
        }

        try
        {
            TryPurge(own: null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            TraceTelemetry.Failed(logger, "purge", exception.GetType().Name);
        }
    }

    /// <summary>Rewrites the files that hold what was to be forgotten, except those that are being written. One that cannot be does not keep the others from it.</summary>
    /// <returns>Whether that was done: not while another process does it.</returns>
    /// <exception cref="IOException">One of them could not be rewritten.</exception>
    public bool TryPurge(TraceFile? own)
    {
        if (Forgotten(own).Count == 0)
            return true;
        // Two that rewrite one file at once would leave two copies of it.
        using var turn = TakeTurn();
        if (turn is null)
            return false;
        Refresh(own);
        Exception? failure = null;
        foreach (var file in Forgotten(own))
        {
            try
            {
                PurgeOne(file);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                failure ??= exception;
            }
        }

        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
        return true;
    }

    /// <summary>Deletes a file in which nothing could be written.</summary>
    public void Discard(TraceFile file)
    {
        _files.Remove(file.Path);
        TryDelete(new(file.Path));
    }

    private List<TraceFile> Forgotten(TraceFile? own) => [.. _files.Values.Where(file => file != own && Holds(file))];

    /// <summary>Whether something of a forgotten user stands in a file, or may: half a line may be anybody's.</summary>
    private bool Holds(TraceFile file) => file.HasForgotten || (file.IsTorn && !index.Forgotten.IsEmpty);

    private void PurgeOne(TraceFile file)
    {
        if (IsWritten(file.Path))
            return;
        var fresh = file.Rewritten();
        if (!TraceRewrite.TryReplace(file.Path, fresh.Path, index.Forgotten, _disk))
            return;
        index.PutAside(file);
        _files.Remove(file.Path);
        // One that was killed while it did this has left it, and it was read.
        if (_files.TryGetValue(fresh.Path, out var known))
            index.PutAside(known);
        if (File.Exists(fresh.Path))
        {
            _files[fresh.Path] = fresh;
            ReadOn(fresh);
        }

        index.Restore();
    }

    /// <summary>Takes the one right to rewrite files of the folder; <see langword="null"/> while another process has it. A process that ends gives it back.</summary>
    private FileStream? TakeTurn()
    {
        var name = System.IO.Path.Combine(path, TurnName);
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            return new(name, options);
        }
        catch (IOException) when (File.Exists(name))
        {
            return null;
        }
    }

    /// <summary>Deletes what a process left that was killed while it rewrote a file.</summary>
    private void DeleteLeft(DateTimeOffset now)
    {
        foreach (var file in new DirectoryInfo(path).EnumerateFiles("*" + TraceRewrite.Unfinished).Where(file => file.Exists))
        {
            if (now.UtcDateTime - file.LastWriteTimeUtc > LeftAfter)
                TryDelete(file);
        }
    }

    private static bool TryDelete(FileInfo file)
    {
        try
        {
            file.Delete();
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void ReadOn(TraceFile file)
    {
        try
        {
            var length = new FileInfo(file.Path).Length;
            if (length == file.Position)
                return;
            if (length < file.Position)
            {
                index.PutAside(file);
                _files[file.Path] = file = new(file.Path, _disk);
            }

            var damaged = file.Damaged;
            var hasTail = file.ReadOn(index);
            // What no process writes any more ends in the middle of a line: its process was killed.
            var isTorn = hasTail && !file.IsTorn && !IsWritten(file.Path);
            file.IsTorn |= isTorn;
            var torn = file.Damaged - damaged + (isTorn ? 1 : 0);
            if (torn == 0)
                return;
            TraceTelemetry.Torn(logger, System.IO.Path.GetFileName(file.Path), torn);
            TraceTelemetry.Dropped("torn", torn);
        }
        catch (FileNotFoundException)
        {
            // Another process has deleted it meanwhile, or rewritten it: then it is found by its new name the next time.
            index.PutAside(file);
            _files.Remove(file.Path);
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
