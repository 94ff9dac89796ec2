using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using LlmKit.Calls;

namespace LlmKit;

/// <summary>Takes what users say about answers to whoever can learn from it or keeps it, such as the semantic cache, the trace store and tracing: resolve it from the services.</summary>
/// <remarks>
/// Thread-safe. A score is about the answer of one call, by the id that <see cref="LlmCall.Id"/> gives. The id is the permission: it cannot be
/// guessed, so give it to nobody but the user who got the answer. All who listen are told, one after the other, also where one of them fails.
/// </remarks>
public sealed class LlmFeedback
{
    private ImmutableArray<IFeedbackListener> _listeners = [];

    /// <summary>Records what somebody says about the answer of a call.</summary>
    /// <param name="callId">The call's id.</param>
    /// <param name="score">How good it was, from 0 (wrong) to 1 (right). Below 0.5 a cached answer is dropped and not served again for that question.</param>
    /// <param name="label">A short name of the reason, such as <c>outdated</c>; never a text of the conversation, for stores and telemetry hold it, redacted where their pipeline redacts and cut to 256 characters. <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Ends the recording.</param>
    /// <returns>Whether anybody knew the call: <see langword="false"/> for an unknown id, and for one that is too old.</returns>
    /// <exception cref="ArgumentException">The id is blank, or the score is outside 0 to 1.</exception>
    /// <exception cref="Exception">Somebody who listens failed, such as a store: the first failure, once all have been told.</exception>
    public async ValueTask<bool> RecordAsync(string callId, double score, string? label = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(callId);
        if (!(score is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(score), score, "The score is outside 0 to 1. Give 0 for a wrong answer and 1 for a right one.");
        var (known, failure) = (false, (ExceptionDispatchInfo?)null);
        foreach (var listener in _listeners.Distinct())
        {
            try
            {
                known |= await listener.TakeAsync(new(callId, score, label), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                failure ??= ExceptionDispatchInfo.Capture(exception);
            }
        }

        failure?.Throw();
        return known;
    }

    /// <summary>Tells a stage from now on, once however often it is added.</summary>
    internal void Add(IFeedbackListener listener) => ImmutableInterlocked.Update(ref _listeners, static (all, one) => all.Add(one), listener);

    /// <summary>Tells a stage no more, once it was removed as often as it was added.</summary>
    internal void Remove(IFeedbackListener listener) => ImmutableInterlocked.Update(ref _listeners, static (all, one) => all.Remove(one), listener);
}
