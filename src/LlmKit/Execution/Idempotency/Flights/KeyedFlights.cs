using LlmKit.Internal.Flights;
using Microsoft.Extensions.AI;

namespace LlmKit.Execution.Idempotency;

/// <summary>The requests that are on their way, where two of them may come under one key. Thread-safe.</summary>
internal sealed class KeyedFlights(IChatClient client)
{
    private readonly FlightBoard _board = new(client);

    /// <summary>Gets the number of requests that are on their way.</summary>
    public int Count => _board.Count;

    /// <summary>Joins a request to the one on its way under the same key, or begins it.</summary>
    /// <exception cref="IdempotencyConflictException">The one on its way is another request.</exception>
    public async ValueTask<Passenger> EnterAsync(SharedRequest request, bool streaming, CancellationToken cancellationToken)
    {
        // Nobody's token reaches what a flight sends, so a call that is cancelled already must not begin one.
        cancellationToken.ThrowIfCancellationRequested();
        while (true)
        {
            if (_board.Find(request.Key) is { } flight && flight.Request is SharedRequest other && other.Fingerprint != request.Fingerprint)
                await ConflictAsync(flight, other, request, cancellationToken).ConfigureAwait(false);
            else if (_board.TryEnter(request, streaming) is { } passenger)
                return passenger;
        }
    }

    /// <summary>Waits until it is known that the key belongs to the other request; returns when it does not, or not any more.</summary>
    private async ValueTask ConflictAsync(Flight flight, SharedRequest other, SharedRequest request, CancellationToken cancellationToken)
    {
        await other.LookedUp.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (_board.Find(request.Key) != flight)
            return;
        IdempotencyTelemetry.Decide(request.Call, IdempotencyStep.Conflict);
        throw new IdempotencyConflictException();
    }
}
