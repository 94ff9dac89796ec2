using LlmKit.Calls;

namespace LlmKit.Observability.Traces;

/// <summary>Brings what people say of calls to the recorder, their reasons redacted as texts of the call's pipeline are. Thread-safe.</summary>
/// <param name="recorder">The recorder.</param>
/// <param name="cleaner">Finds who redacts; <see langword="null"/> where nobody does.</param>
internal sealed class CleanFeedback(CallRecorder recorder, Func<IFeedbackCleaner?> cleaner) : IFeedbackListener
{
    /// <inheritdoc/>
    public async ValueTask<bool> TakeAsync(Feedback feedback, CancellationToken cancellationToken)
    {
        if (feedback.Label is { } label && cleaner() is { } known)
        {
            var call = await recorder.FindAsync(feedback.CallId, cancellationToken).ConfigureAwait(false);
            feedback = feedback with { Label = known.Clean(call?.Pipeline, label) };
        }

        return await recorder.TakeAsync(feedback, cancellationToken).ConfigureAwait(false);
    }
}
