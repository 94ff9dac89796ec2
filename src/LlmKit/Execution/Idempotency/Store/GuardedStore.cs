using LlmKit.Internal;
using Microsoft.Extensions.Logging;

namespace LlmKit.Execution.Idempotency;

/// <summary>A store that may be slow, down or full of something else: waited for a bounded time, and never the end of an answer that is there.</summary>
internal sealed class GuardedStore(IIdempotencyStore store, TimeProvider time, ILogger logger)
{
    /// <summary>Finds how a request ended before.</summary>
    /// <returns><see langword="null"/> when it is not known, or when the store failed and the call may go on.</returns>
    /// <exception cref="LlmException">The store failed, and the call may not go on without it.</exception>
    public async ValueTask<IdempotencyRecord?> FindAsync(SharedRequest request, CancellationToken cancellationToken)
    {
        try
        {
            using var patience = new CancellationTokenSource(request.Policy.StoreTimeout, time);
            using var leaving = cancellationToken.UnsafeRegister(static patience => ((CancellationTokenSource)patience!).Cancel(), patience);
            var outcome = await store.FindAsync(request.StoreKey, patience.Token).AsTask().OrCancelled(patience.Token).ConfigureAwait(false);
            return outcome is null ? null : IdempotencyRecord.Read(outcome);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is not OutOfMemoryException)
        {
            IdempotencyTelemetry.StoreFailed(logger, request.Call.Pipeline, "read", exception.GetType().Name);
            IdempotencyTelemetry.Decide(request.Call, IdempotencyStep.NotEvaluated, "the store failed");
            return request.Policy.RefusesWithoutStore ? throw Refusal(exception) : null;
        }
    }

    /// <summary>Keeps how a request ended.</summary>
    public async ValueTask SaveAsync(SharedRequest request, IdempotencyRecord record)
    {
        // A host that stops waits for it, as it does for calls.
        var open = request.Call.Setup.Open;
        open?.Enter();
        try
        {
            using var patience = new CancellationTokenSource(request.Policy.StoreTimeout, time);
            if (await store.SaveAsync(request.StoreKey, record.ToBytes(), request.Policy.Window, patience.Token).AsTask().OrCancelled(patience.Token).ConfigureAwait(false))
                IdempotencyTelemetry.Decide(request.Call, IdempotencyStep.Remembered);
            else
                IdempotencyTelemetry.Decide(request.Call, IdempotencyStep.NotRemembered, "the answer is larger than what may be kept");
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            IdempotencyTelemetry.StoreFailed(logger, request.Call.Pipeline, "keep", exception.GetType().Name);
            IdempotencyTelemetry.Decide(request.Call, IdempotencyStep.NotRemembered, "the store failed");
        }
        finally
        {
            open?.Leave();
        }
    }

    private static LlmException Refusal(Exception exception) => new(
        $"The idempotency store failed ({exception.GetType().Name}), so nobody knows whether this call was made before, and it was not made. Repeat it under the same key when the store is back, or set IdempotencyOptions.WhenStoreFails to Proceed.",
        exception);
}
