using LlmKit.Models;

namespace LlmKit;

/// <summary>A call that repeats another shares its failure: the other was in flight, or had failed for good under the same idempotency key.</summary>
/// <remarks>
/// The inner exception is what the other call ended with, where that is known; <c>GetModelFailure()</c> tells the kind in either case.
/// A call that joins one which had made several attempts gets an <see cref="AttemptsExhaustedException"/> of its own instead.
/// </remarks>
public sealed class RepeatedFailureException : LlmException
{
    /// <summary>Creates the exception for a call that had joined another.</summary>
    /// <param name="cause">What the other call ended with.</param>
    public RepeatedFailureException(Exception cause)
        : base($"The call that this one repeats failed ({KindOf(cause)}), so both did. See the inner exception.", cause)
    {
    }

    /// <summary>Creates the exception for a call whose key is known to fail.</summary>
    /// <param name="failure">The failure that was remembered.</param>
    public RepeatedFailureException(ModelFailure failure)
        : base($"The call with this idempotency key failed before ({KindOf(failure)}), and would again. Correct the request and send it under a new key.") =>
        ModelFailures.Record(this, failure);

    private static string KindOf(Exception cause) =>
        (cause ?? throw new ArgumentNullException(nameof(cause))).GetModelFailure() is { } failure ? KindOf(failure) : cause.GetType().Name;

    private static string KindOf(ModelFailure failure) => (failure ?? throw new ArgumentNullException(nameof(failure))).Kind.ToString();
}
