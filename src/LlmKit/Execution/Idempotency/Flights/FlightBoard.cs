using System.Collections.Concurrent;
using LlmKit.Internal.Keys;
using Microsoft.Extensions.AI;

namespace LlmKit.Execution.Idempotency;

/// <summary>The requests that are on their way, by key. Thread-safe.</summary>
internal sealed class FlightBoard(IChatClient client, GuardedStore store)
{
    private readonly ConcurrentDictionary<Hash256, Flight> _flights = [];

    /// <summary>Gets the number of requests that are on their way.</summary>
    public int Count => _flights.Count;

    /// <summary>Joins a request to the one on its way under the same key, or begins it.</summary>
    /// <exception cref="IdempotencyConflictException">The one on its way is another request.</exception>
    public async ValueTask<Passenger> EnterAsync(SharedRequest request, bool streaming, CancellationToken cancellationToken)
    {
        // Nobody's token reaches what a flight sends, so a call that is cancelled already must not begin one.
        cancellationToken.ThrowIfCancellationRequested();
        while (true)
        {
            if (!_flights.TryGetValue(request.Key, out var flight))
            {
                if (TryBegin(request, streaming) is { } begun)
                    return begun;
            }
            else if (flight.Request.Fingerprint != request.Fingerprint)
            {
                await ConflictAsync(flight, request, cancellationToken).ConfigureAwait(false);
            }
            else if (flight.TryJoin(request.Call, streaming) is { } joined)
            {
                return joined;
            }
            else
            {
                Remove(flight);
            }
        }
    }

    /// <summary>Waits until it is known that the key belongs to the other request; returns when it does not, or not any more.</summary>
    private async ValueTask ConflictAsync(Flight flight, SharedRequest request, CancellationToken cancellationToken)
    {
        await flight.LookedUp.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (!_flights.TryGetValue(request.Key, out var now) || now != flight)
            return;
        IdempotencyTelemetry.Decide(request.Call, IdempotencyStep.Conflict);
        throw new IdempotencyConflictException();
    }

    private Passenger? TryBegin(SharedRequest request, bool streaming)
    {
        Flight flight = streaming ? new StreamFlight(request, store, client, Remove) : new AnswerFlight(request, store, client, Remove);
        if (!_flights.TryAdd(request.Key, flight))
        {
            flight.Dispose();
            return null;
        }

        var passenger = flight.Begin();
        _ = flight.FlyAsync();
        return passenger;
    }

    private void Remove(Flight flight) => _flights.TryRemove(new KeyValuePair<Hash256, Flight>(flight.Request.Key, flight));
}
