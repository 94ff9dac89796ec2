using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Internal.Flights;

/// <summary>The updates of a stream as they come, for any number of readers, each at its own pace. One writer; thread-safe.</summary>
/// <remarks>
/// As long as the answer is small enough to be kept, everybody can read it from its beginning. A larger one is closed to newcomers, and
/// what all its readers have read is let go. The writer is never more than 1,024 updates ahead of the reader that is furthest.
/// </remarks>
internal sealed class AnswerLog
{
    private const int ReadAhead = 1_024;

    // What an update is taken to weigh that cannot be taken down.
    private const int UnknownSize = 1_024;

    private readonly long _maxBytes;
    private readonly IUpdateKeeper _keeper;
    private readonly Lock _lock = new();
    private LoggedUpdate? _beginning;
    private LoggedUpdate _next;
    private TaskCompletionSource? _news;
    private TaskCompletionSource? _room;
    private long _bytes;
    private int _written;
    private int _furthest;
    private int _readers;
    private int _wholeReaders;
    private bool _isComplete;

    /// <summary>Creates a log.</summary>
    /// <param name="maxBytes">How many bytes the answer may have, taken down, to be kept.</param>
    /// <param name="keeper">How updates are taken down.</param>
    public AnswerLog(long maxBytes, IUpdateKeeper keeper)
    {
        _maxBytes = maxBytes;
        _keeper = keeper;
        _beginning = _next = new();
    }

    /// <summary>Gets why the answer cannot be kept, or <see langword="null"/> so far. For the writer.</summary>
    public string? Problem { get; private set; }

    /// <summary>Gets whether anybody but the call that asked can read what comes.</summary>
    private bool IsShared
    {
        get
        {
            lock (_lock)
                return _beginning is not null || _readers > 1;
        }
    }

    /// <summary>Lets a reader begin.</summary>
    /// <param name="readsWhole">Whether it waits for the whole answer: the writer does not wait for it.</param>
    /// <returns><see langword="null"/> when the beginning is gone.</returns>
    public AnswerReader? TryEnter(bool readsWhole)
    {
        AnswerReader reader;
        TaskCompletionSource? room;
        lock (_lock)
        {
            if (_beginning is null)
                return null;
            reader = new(this, _beginning, readsWhole);
            _readers++;
            _wholeReaders += readsWhole ? 1 : 0;
            room = Interlocked.Exchange(ref _room, null);
        }

        room?.SetResult();
        return reader;
    }

    /// <summary>Lets a reader go.</summary>
    public void Leave(AnswerReader reader)
    {
        lock (_lock)
        {
            _readers--;
            _wholeReaders -= reader.ReadsWhole ? 1 : 0;
        }
    }

    /// <summary>Adds an update, and waits while it is too far ahead of the readers.</summary>
    public async ValueTask AddAsync(ChatResponseUpdate update, CancellationToken cancellationToken)
    {
        var kept = IsShared ? _keeper.Keep(update) : null;
        Tell(() => Append(update, kept));
        while (WaitsForRoom() is { } room)
            await room.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Says that no more updates come, whatever the reason.</summary>
    public void Complete() => Tell(() => _isComplete = true);

    /// <summary>Waits until an update has come.</summary>
    /// <returns><see langword="false"/> when it never will.</returns>
    public async ValueTask<bool> HasAsync(LoggedUpdate update, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task news;
            lock (_lock)
            {
                if (update.HasCome || _isComplete)
                    return update.HasCome;
                news = (_news ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await news.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Notes how many updates a reader has read.</summary>
    public void Passed(int read)
    {
        TaskCompletionSource? room;
        lock (_lock)
        {
            if (read <= _furthest)
                return;
            _furthest = read;
            room = Interlocked.Exchange(ref _room, null);
        }

        room?.SetResult();
    }

    /// <summary>Puts the whole answer together that was taken down as JSON; <see langword="null"/> when it cannot be kept.</summary>
    public KeptAnswer? Take(LlmCall call) => Problem is null ? KeptAnswer.Of([.. _beginning!.AndFollowing().Select(update => (byte[])update.Kept!)], call) : null;

    private void Append(ChatResponseUpdate update, (object Kept, int Size)? kept)
    {
        _next = _next.Fill(update, kept?.Kept);
        _written++;
        _bytes += kept?.Size ?? UnknownSize;
        if (kept is null)
            Problem ??= "a content of the answer cannot be kept";
        if (_bytes <= _maxBytes)
            return;
        Problem = "the answer is larger than what may be kept";
        _beginning = null;
    }

    private Task? WaitsForRoom()
    {
        lock (_lock)
            return _wholeReaders > 0 || _written - _furthest < ReadAhead ? null : (_room ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    private void Tell(Action change)
    {
        TaskCompletionSource? news;
        lock (_lock)
        {
            change();
            news = Interlocked.Exchange(ref _news, null);
        }

        news?.SetResult();
    }
}
