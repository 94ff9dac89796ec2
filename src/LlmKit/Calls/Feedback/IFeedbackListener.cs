namespace LlmKit.Calls;

/// <summary>A stage that learns from what users say about answers.</summary>
internal interface IFeedbackListener
{
    /// <summary>Takes what somebody said.</summary>
    /// <returns>Whether the call is known here.</returns>
    ValueTask<bool> TakeAsync(Feedback feedback, CancellationToken cancellationToken);
}
