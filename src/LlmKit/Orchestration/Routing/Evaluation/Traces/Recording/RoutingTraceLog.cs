using LlmKit.Calls;
using LlmKit.Orchestration.Routing.Evaluation.Traces;
using Microsoft.Extensions.AI;

namespace LlmKit;

/// <summary>Keeps the decisions of routers in memory with what came of them, until they are saved: give it to <see cref="RouterOptions.Record"/>.</summary>
/// <remarks>
/// <para>Thread-safe; several routers may share one. It holds the last <see cref="RoutingTraceLogOptions.Capacity"/> calls, makes no call wait for
/// more than a short lock, and fails none. What is decided for a call that serves another, such as a sample, stands with that one, under its own
/// id and with its <see cref="RoutingTrace.Purpose"/>; what is asked past the router, such as a judge, is no decision.</para>
/// <para>Outcomes come by <see cref="LlmFeedback.RecordAsync"/> where the router is part of a container, or by <see cref="Score"/>: while the call runs, as
/// long after it as the log holds it, and later: those are kept for <see cref="TakeLate"/>, and the file joins them. The last one counts. What nobody
/// scored stays unscored.</para>
/// <code>
/// var log = new RoutingTraceLog();
/// builder.UseRouter(r => r.Use(policy.Exploring(0.05)).Record(log));
/// …
/// RoutingTraceFile.Append("routing.jsonl", log.Take(olderThan: TimeSpan.FromHours(1)));
/// RoutingTraceFile.Append("routing.jsonl", log.TakeLate());
/// </code>
/// </remarks>
public sealed class RoutingTraceLog : IFeedbackListener
{
    private const int MostLabel = 256;

    /// <summary>An attempt that is not settled by then is lost.</summary>
    private static readonly TimeSpan s_mostUnsettled = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly RoutingTraceLogOptions _options;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, LinkedListNode<TracedCall>> _calls = new(StringComparer.Ordinal);
    private readonly LinkedList<TracedCall> _order = new();
    private readonly LateOutcomes _later;
    private long _dropped;
    private long _duplicates;
    private long _unknown;
    private long _late;
    private long _lost;
    private long _failures;

    /// <summary>Creates an empty log.</summary>
    /// <param name="configure">Changes the settings: what is recorded, and how many calls are kept.</param>
    /// <param name="timeProvider">The clock; the system's by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity, or the length of prompts, is below 1.</exception>
    public RoutingTraceLog(Action<RoutingTraceLogOptions>? configure = null, TimeProvider? timeProvider = null)
    {
        var options = new RoutingTraceLogOptions();
        configure?.Invoke(options);
        if (options.Capacity < 1)
            throw new ArgumentOutOfRangeException(nameof(configure), $"The capacity '{options.Capacity}' is below 1. Set RoutingTraceLogOptions.Capacity to the number of calls to keep.");
        if (options.MaxPromptLength < 1)
            throw new ArgumentOutOfRangeException(nameof(configure), $"The length '{options.MaxPromptLength}' is below 1. Set RoutingTraceLogOptions.MaxPromptLength to how much of a prompt to keep, or RecordPrompts to false.");
        _options = new() { Capacity = options.Capacity, MaxPromptLength = options.MaxPromptLength, RecordPrompts = options.RecordPrompts, RecordTenants = options.RecordTenants };
        _later = new(options.Capacity);
        _time = timeProvider ?? TimeProvider.System;
    }

    /// <summary>Gets how many calls had to make room before they were taken.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Gets how many outcomes replaced an earlier one of the same answer.</summary>
    public long Duplicates => Interlocked.Read(ref _duplicates);

    /// <summary>Gets how many outcomes were about a call or decision that is not here, nor was among those that were taken last.</summary>
    public long Unknown => Interlocked.Read(ref _unknown);

    /// <summary>Gets how many outcomes were about a call that had been taken already.</summary>
    public long Late => Interlocked.Read(ref _late);

    /// <summary>Gets how many late outcomes were lost because there were more than <see cref="RoutingTraceLogOptions.Capacity"/> before they were taken.</summary>
    public long LateDropped => Interlocked.Read(ref _lost);

    /// <summary>Gets how many calls could not be recorded because something threw; the calls themselves were not harmed.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>Gives the decisions of calls that have ended, oldest call first, and keeps them.</summary>
    /// <returns>The traces as they stand now.</returns>
    public IReadOnlyList<RoutingTrace> Snapshot()
    {
        lock (_lock)
            return [.. _order.Where(call => call.IsClosed).SelectMany(call => call.Rows)];
    }

    /// <summary>Takes decisions out of the log, as to save them. Outcomes that come later are kept for <see cref="TakeLate"/>.</summary>
    /// <remarks>
    /// A call with an attempt that is not settled, such as the loser of a race, stays until its cost is known, but no longer than an hour after its end: then it
    /// is taken without that cost.
    /// </remarks>
    /// <param name="olderThan">How old a decision must be; all of calls that have ended by default.</param>
    /// <returns>The traces, oldest call first.</returns>
    public IReadOnlyList<RoutingTrace> Take(TimeSpan olderThan = default)
    {
        var now = _time.GetUtcNow();
        var until = now - olderThan;
        var taken = new List<RoutingTrace>();
        lock (_lock)
        {
            for (var node = _order.First; node is not null;)
            {
                var (call, next) = (node.Value, node.Next);
                if (call.Closed is { } closed && (call.IsSettled || now - closed >= s_mostUnsettled) && call.Rows.All(row => row.Time <= until))
                {
                    taken.AddRange(call.Rows);
                    _later.Remember(call.CallId);
                    Forget(node);
                }

                node = next;
            }
        }

        return taken;
    }

    /// <summary>Takes the outcomes of calls that are not in the log, as to append them to the file that their traces are in.</summary>
    /// <remarks>
    /// Calls that were taken long ago, and those of other processes, nobody knows here any more; their outcomes are among these all the same, for the file may
    /// have their traces: <see cref="RoutingTraceReading.Unknown"/> counts those that are nobody's.
    /// </remarks>
    /// <returns>The outcomes, in the order in which they were said.</returns>
    public IReadOnlyList<LateOutcome> TakeLate()
    {
        lock (_lock)
            return _later.Take();
    }

    /// <summary>Says how good the answer of a call was. The last word counts; where it is of another source than the one before, it drops the shadows that were scored beside that.</summary>
    /// <param name="id">The id of the call, for the decision that answered, or of one of its decisions.</param>
    /// <param name="score">From 0 (wrong) to 1 (right).</param>
    /// <param name="label">A short name of the reason, of which 256 characters are kept; never a text of the conversation.</param>
    /// <param name="source">Who says so, such as <c>judge</c>.</param>
    /// <returns>Whether the call, or the decision, is known here, or was taken lately; of a decision of a call that still runs nobody knows yet.</returns>
    /// <exception cref="ArgumentException">The id or the source is blank, or the score is outside 0 to 1.</exception>
    public bool Score(string id, double score, string? label = null, string source = RoutingOutcome.User)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        ArgumentException.ThrowIfNullOrWhiteSpace(source);
        ThrowIfNoScore(score);
        var outcome = new RoutingOutcome(score, label?.Length > MostLabel ? label[..MostLabel] : label, source);
        lock (_lock)
        {
            if (Find(id) is not { } call)
                return IsLate(new(id, _time.GetUtcNow(), outcome));
            if (!call.Has(id))
                return IsUnknown();
            if (call.Score(id, outcome))
                Interlocked.Increment(ref _duplicates);
            return true;
        }
    }

    /// <summary>Says how good the answer of a model would have been that was not the one to answer.</summary>
    /// <param name="id">The id of the call, for the decision that answered, or of one of its decisions.</param>
    /// <param name="model">The registered model.</param>
    /// <param name="score">From 0 (wrong) to 1 (right), by the same source as the score of the answer: where another source scores that anew, the shadow is dropped.</param>
    /// <param name="cost">What it cost, in USD.</param>
    /// <returns>Whether the call, or the decision, is known here; of a decision of a call that still runs nobody knows yet.</returns>
    /// <exception cref="ArgumentException">The id or the model is blank, or the score is outside 0 to 1.</exception>
    public bool ScoreShadow(string id, string model, double score, decimal? cost = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        ThrowIfNoScore(score);
        lock (_lock)
        {
            if (Find(id) is not { } call || !call.Has(id))
                return IsUnknown();
            call.Shadow(id, model, new(score, cost));
            return true;
        }
    }

    /// <inheritdoc/>
    ValueTask<bool> IFeedbackListener.TakeAsync(Feedback feedback, CancellationToken cancellationToken) =>
        new(Score(feedback.CallId, feedback.Score, feedback.Label));

    /// <summary>Records the decisions of a call when it ends.</summary>
    internal void Watch(LlmCall call, IReadOnlyList<ChatMessage> messages)
    {
        try
        {
            var root = call.Root;
            if (call != root && root.IsClosed)
                return;
            var prompt = WatchedPrompt.Of(messages.LastOrDefault(message => message.Role == ChatRole.User)?.Text ?? "", _options);
            lock (_lock)
            {
                var isKnown = _calls.TryGetValue(root.Id, out var node);
                node ??= Enter(root.Id);
                if (node.Value.IsWatching(call))
                    return;
                node.Value.Watch(new(call, prompt));
                _calls[call.Id] = node;
                if (isKnown)
                    return;
            }

            root.WhenClosed(Close);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Interlocked.Increment(ref _failures);
        }
    }

    private LinkedListNode<TracedCall> Enter(string callId)
    {
        if (_order.Count == _options.Capacity)
        {
            Forget(_order.First!);
            Interlocked.Increment(ref _dropped);
        }

        return _calls[callId] = _order.AddLast(new TracedCall(callId));
    }

    private void Close(LlmCall call)
    {
        var isSettled = call.PendingAttempts == 0;
        Fill(call, isSettled);
        if (!isSettled)
            _ = FillLaterAsync(call);
    }

    /// <summary>A loser of a race costs money after the call has ended.</summary>
    private async Task FillLaterAsync(LlmCall call)
    {
        await call.WhenSettled.ConfigureAwait(false);
        Fill(call, isSettled: true);
    }

    private void Fill(LlmCall call, bool isSettled)
    {
        try
        {
            IReadOnlyList<WatchedCall> watched;
            lock (_lock)
                watched = _calls.TryGetValue(call.Id, out var known) ? known.Value.Watched : [];
            if (watched.Count == 0)
                return;
            var rows = TraceRows.Of(call, watched, _options);
            lock (_lock)
            {
                if (_calls.TryGetValue(call.Id, out var node))
                    Interlocked.Add(ref _unknown, node.Value.Close(rows, isSettled, _time.GetUtcNow()));
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Interlocked.Increment(ref _failures);
        }
    }

    private TracedCall? Find(string id) =>
        _calls.TryGetValue(id, out var node) || (id.LastIndexOf('.') is > 0 and var dot && _calls.TryGetValue(id[..dot], out node)) ? node.Value : null;

    private void Forget(LinkedListNode<TracedCall> node)
    {
        _order.Remove(node);
        _calls.Remove(node.Value.CallId);
        foreach (var served in node.Value.Served)
            _calls.Remove(served);
    }

    private bool IsLate(LateOutcome outcome)
    {
        if (_later.Add(outcome))
            Interlocked.Increment(ref _lost);
        if (!_later.Knows(outcome.Of))
            return IsUnknown();
        Interlocked.Increment(ref _late);
        return true;
    }

    private bool IsUnknown()
    {
        Interlocked.Increment(ref _unknown);
        return false;
    }

    private static void ThrowIfNoScore(double score)
    {
        if (!(score is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(score), score, "The score is outside 0 to 1. Give 0 for a wrong answer and 1 for a right one.");
    }
}
