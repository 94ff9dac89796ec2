namespace LlmKit.Observability.Replay;

/// <summary>Tells a listener how an answer ended that is not whole.</summary>
internal static class AnswerEndings
{
    /// <summary>A failure of the model is an outcome; a cancellation by the caller and a refusal of ours are none.</summary>
    public static void Ended(this IAnswerListener listener, Exception exception, HeardStream? stream, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && cancellationToken.IsCancellationRequested && stream is { Updates.Count: > 0 })
            listener.Left(stream);
        else if (exception is AttemptRefusedException or CassetteMissException || (exception is OperationCanceledException && cancellationToken.IsCancellationRequested))
            listener.Nothing();
        else
            listener.Failed(exception, stream);
    }

    /// <summary>The reader left: what it has read is all that is known.</summary>
    public static void Left(this IAnswerListener listener, HeardStream stream)
    {
        stream.IsLeft = true;
        // Recording what was heard waits for nothing.
        _ = listener.HeardAsync(stream, CancellationToken.None);
    }
}
