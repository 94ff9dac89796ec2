using LlmKit.Calls;

namespace LlmKit.Observability.Traces;

/// <summary>What others want of records that may still be on their way to the store.</summary>
internal sealed partial class CallRecorder
{
    public async ValueTask<bool> TakeAsync(Feedback feedback, CancellationToken cancellationToken)
    {
        // What was said of a call that has just ended must find its record, also where that waits here.
        var score = new TraceScore(feedback.Score, _time.GetUtcNow(), feedback.Label);
        return await AskAsync(() => TryScore(feedback.CallId, score), cancellationToken).ConfigureAwait(false)
            || await _store.ScoreAsync(feedback.CallId, score, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<AnsweredCall?> FindAsync(string callId, CancellationToken cancellationToken)
    {
        var waiting = await AskAsync(() => _sampling.Find(callId), cancellationToken).ConfigureAwait(false);
        return (waiting ?? await _store.GetAsync(callId, cancellationToken).ConfigureAwait(false)) is { } record
            ? new(record.Pipeline ?? "", record.TraceId, record.SpanId, record.ResponseId)
            : null;
    }

    /// <summary>Waits until the store has every call that has ended so far.</summary>
    public Task DrainAsync(CancellationToken cancellationToken) => AskAsync(static () => true, cancellationToken);

    /// <summary>Forgets what of a user is on its way to the store.</summary>
    /// <returns>How many records that were.</returns>
    public async Task<int> ForgetAsync(string? tenant, string user, CancellationToken cancellationToken)
    {
        await DrainAsync(cancellationToken).ConfigureAwait(false);
        var now = _time.GetUtcNow();
        var traces = await PendingDeletions.TracesOfAsync(_store, tenant, user, now - MostUnsettled, cancellationToken).ConfigureAwait(false);
        return await AskAsync(() => _sampling.Forget(tenant, user, traces, now), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Has the writer find something out, in its turn among what comes, and waits until the store has what came before.</summary>
    private async Task<T?> AskAsync<T>(Func<T?> answer, CancellationToken cancellationToken)
    {
        var found = default(T);
        var question = new Question(() => found = answer());
        await (_queue.Writer.TryWrite(question) ? question.Task : _writing).WaitAsync(cancellationToken).ConfigureAwait(false);
        return found;
    }

    /// <summary>Notes what was said of a record that waits here: for the end of its request, or for its attempts.</summary>
    private bool TryScore(string id, TraceScore score)
    {
        if (_sampling.TryScore(id, score))
            return true;
        if (!_unsettled.TryGetValue(id, out var known))
            return false;
        _unsettled[id] = TraceScores.With(known, score);
        return true;
    }

    /// <summary>What is asked of the writer; it has ended when the store has all that came before.</summary>
    private sealed class Question(Action answer) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public Action Answer { get; } = answer;
    }
}
