using LlmKit.Calls;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmKit.Observability.Traces;

/// <summary>Keeps records as lines of JSON in a folder: one file for each process and day, each text once in a file, found by an index in memory.</summary>
/// <remarks>
/// Thread-safe: one lock. Processes may share the folder: each writes files of its own, and all read all. What was added outlives the process when
/// <see cref="AddAsync"/> has ended, and the machine when <see cref="FlushAsync"/> has. A line that a crash cut short is passed over and reported. Files that are
/// too old, and the oldest of too many, are deleted when a file is begun.
/// </remarks>
public sealed class FileTraceStore : ITraceStore, IDisposable
{
    private static readonly TimeSpan PurgeAgain = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private readonly TraceIndex _index = new();
    private readonly TraceFolder _folder;
    private readonly TraceDisk _disk;
    private readonly TraceStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private TraceFileWriter? _writer;
    private bool _isClosed;

    /// <summary>Opens a folder and reads what is in it.</summary>
    /// <param name="options">Where the folder is and how much it may hold; <see cref="TraceStoreOptions.Directory"/> must be set.</param>
    /// <param name="time">The clock; the system's by default.</param>
    /// <param name="logger">Where damage is logged, without texts.</param>
    /// <exception cref="LlmConfigurationException">The folder cannot be made or read.</exception>
    public FileTraceStore(TraceStoreOptions options, TimeProvider? time = null, ILogger<FileTraceStore>? logger = null)
        : this(options, time, logger, TraceDisk.Real)
    {
    }

    internal FileTraceStore(TraceStoreOptions options, TimeProvider? time, ILogger<FileTraceStore>? logger, TraceDisk disk)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _disk = disk;
        _time = time ?? TimeProvider.System;
        _logger = logger ?? NullLogger<FileTraceStore>.Instance;
        var directory = options.Directory ?? throw new LlmConfigurationException(["The folder of the trace files is not set. Set TraceStoreOptions.Directory."]);
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(directory);
            else
                Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            _folder = new(directory, _index, _logger, disk);
            _folder.Refresh(own: null);
            _folder.Clean();
            // Who was to be forgotten may have stood in what is deleted: it is written anew.
            if (_folder.DeleteOld(options, _time.GetUtcNow()) && Forgotten().Count > 0)
                Append(Writer());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LlmConfigurationException([$"The folder '{directory}' of the trace files cannot be used ({exception.GetType().Name}). Set TraceStoreOptions.Directory to one that this process may write."]);
        }
    }

    /// <inheritdoc/>
    public ValueTask AddAsync(IReadOnlyList<TraceRecord> records, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(records);
        lock (_lock)
        {
            var writer = Writer();
            var places = new List<(TraceRecord Record, long Offset, int Length)>(records.Count);
            foreach (var record in records.Where(record => !_index.Forgotten.Has(record)))
            {
                var known = _index.Find(record.Id);
                var kept = known is null ? record : record with { Scores = known.Trace.Scores };
                var (offset, length) = writer.Add(kept);
                places.Add((kept, offset, length));
            }

            Append(writer);
            foreach (var (record, offset, length) in places)
                _index.Record(writer.File, record.WithoutTexts(), offset, length);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<TraceRecord?> GetAsync(string id, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        lock (_lock)
        {
            Refresh();
            return new(_index.Find(id) is { } place ? Read(place) : null);
        }
    }

    /// <inheritdoc/>
    public ValueTask<TracePage> ListAsync(TraceQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return new(TraceFinder.List(Snapshot(), query, ReadOne, cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<TraceGroup>> AggregateAsync(TraceQuery query, TraceGrouping grouping, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(grouping);
        return new(TraceFinder.Aggregate(Snapshot(), query, grouping, ReadOne, cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<bool> ScoreAsync(string id, TraceScore score, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(score);
        lock (_lock)
        {
            Refresh();
            if (_index.Find(id) is null)
                return new(false);
            var writer = Writer();
            writer.Add(id, score);
            Append(writer);
            _index.Score(writer.File, id, score);
            return new(true);
        }
    }

    /// <summary>Forgets every record of a user. Files that another process is writing are cleaned when it has closed them; until then their records are only hidden. While another process rewrites files of the folder this waits.</summary>
    /// <inheritdoc/>
    public async ValueTask<int> DeleteByUserAsync(string? tenant, string user, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(user);
        int count;
        lock (_lock)
            count = Forget(tenant, user);
        while (!TryPurge())
            await Task.Delay(PurgeAgain, _time, cancellationToken).ConfigureAwait(false);
        return count;
    }

    /// <inheritdoc/>
    public ValueTask FlushAsync(CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            try
            {
                _writer?.Flush();
            }
            catch
            {
                // A system that could not write may forget what it had to write, and say next time that all is well.
                Leave();
                throw;
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Flushes and closes the file; nothing can be added afterwards.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            Close();
            _isClosed = true;
        }
    }

    private int Forget(string? tenant, string user)
    {
        Refresh();
        var (theirs, now) = (_index.Of(tenant, user), _time.GetUtcNow());
        var forgotten = new Forgotten(TraceIndex.HashOf(tenant, user), now, [.. theirs.Where(IsUnsaid).Select(trace => trace.Id)]);
        _index.Forget(forgotten);
        // What this process has written itself is rewritten with the rest, so its file is closed first.
        if (_writer?.File.HasForgotten == true)
            Close();
        var writer = Writer();
        writer.Add(forgotten);
        Append(writer);
        return theirs.Count;

        // Who reads the user's hash later cannot tell that it is theirs.
        bool IsUnsaid(TraceSummary trace) => trace.User is null || trace.StartedAt > now || _index.IsScored(trace.Id);
    }

    private bool TryPurge()
    {
        lock (_lock)
            return _folder.TryPurge(_writer?.File);
    }

    private List<TraceSummary> Snapshot()
    {
        lock (_lock)
        {
            Refresh();
            return _index.All();
        }
    }

    private TraceRecord? ReadOne(TraceSummary trace)
    {
        lock (_lock)
            return _index.Find(trace.Id) is { } place ? Read(place) : null;
    }

    private TraceRecord? Read(IndexedTrace place)
    {
        try
        {
            return ReadAt(place);
        }
        catch (FileNotFoundException)
        {
            // Another process has rewritten the file meanwhile, or deleted it.
            Refresh();
            return _index.Find(place.Trace.Id) is { } moved && moved.File != place.File ? Read(moved) : null;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            TraceTelemetry.Failed(_logger, "read", exception.GetType().Name);
            return null;
        }
    }

    private static TraceRecord? ReadAt(IndexedTrace place) =>
        place.File.Read(place.Trace.Id, place.Offset, place.Length) is { } record ? record with { Scores = place.Trace.Scores } : null;

    private void Refresh() => _folder.Refresh(_writer?.File);

    private TraceFileWriter Writer()
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        var now = _time.GetUtcNow();
        if (_writer is not null && (_writer.Length >= _options.MaxFileBytes || _writer.Day != now.UtcDateTime.Date))
            Close();
        if (_writer is not null)
            return _writer;
        _folder.Clean();
        _folder.DeleteOld(_options, now);
        _writer = new(_folder.Path, now, _disk);
        _folder.Add(_writer.File);
        // The files in which this stands may be deleted before the others are clean.
        if (!_folder.HasForgotten)
            _index.Forgotten.DropIds();
        foreach (var forgotten in Forgotten())
            _writer.Add(forgotten);
        return _writer;
    }

    private List<Forgotten> Forgotten() => _index.Forgotten.Since(_time.GetUtcNow() - _options.Retention);

    private void Append(TraceFileWriter writer)
    {
        try
        {
            writer.Append();
        }
        catch
        {
            // Where the texts of this file stand is not certain any more: the next record begins another.
            Close();
            throw;
        }
    }

    /// <summary>Flushes and closes the file. What fails is logged: the records that come next go into another.</summary>
    private void Close()
    {
        if (_writer is not { } writer)
            return;
        try
        {
            writer.Flush();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            TraceTelemetry.Failed(_logger, "flush", exception.GetType().Name);
        }

        Leave();
        // Others may have said since who is to be forgotten.
        _folder.Clean();
    }

    private void Leave()
    {
        var writer = _writer!;
        _writer = null;
        writer.Dispose();
        if (writer.Length == 0)
            _folder.Discard(writer.File);
    }
}
