namespace LlmKit;

/// <summary>An idempotency key was used for two different requests.</summary>
/// <remarks>Nothing was asked and nothing spent. The first request and its answer are not touched. The message holds neither the key nor a text.</remarks>
public sealed class IdempotencyConflictException : LlmException
{
    /// <summary>Creates the exception.</summary>
    public IdempotencyConflictException()
        : base("The idempotency key of this call belongs to a different request of the same tenant and user. Send a new request under a new key; repeat a request with the same messages and options.")
    {
    }
}
