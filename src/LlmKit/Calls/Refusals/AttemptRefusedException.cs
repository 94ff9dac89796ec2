namespace LlmKit;

/// <summary>An attempt that LlmKit refused before anything was sent: ours, not the model's failure.</summary>
/// <remarks>Never retried on the same model, never counted against its health; a router may try another model.</remarks>
public class AttemptRefusedException : LlmException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="model">The registered model's name, or <see langword="null"/> when no model was chosen yet.</param>
    /// <param name="message">What happened and what to do about it.</param>
    /// <param name="innerException">The cause, if any.</param>
    public AttemptRefusedException(RefusalReason reason, string? model, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Reason = reason;
        Model = model;
    }

    /// <summary>Gets why the attempt was refused.</summary>
    public RefusalReason Reason { get; }

    /// <summary>Gets the registered model's name, or <see langword="null"/> when no model was chosen yet.</summary>
    public string? Model { get; }

    /// <summary>Gets when another try makes sense, or <see langword="null"/> when time does not help.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
