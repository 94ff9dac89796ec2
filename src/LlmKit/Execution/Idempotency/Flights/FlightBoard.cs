using System.Collections.Concurrent;
using LlmKit.Calls;
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
    public Flight Enter(SharedRequest request, bool streaming)
    {
        while (true)
        {
            if (!_flights.TryGetValue(request.Key, out var flight))
            {
                if (TryBegin(request, streaming) is { } begun)
                    return begun;
                continue;
            }

            if (!flight.Request.Fingerprint.IsSameAs(request.Fingerprint))
            {
                IdempotencyTelemetry.Decide(request.Call, IdempotencyStep.Conflict);
                throw new IdempotencyConflictException();
            }

            if (flight.TryJoin(request.Call))
            {
                IdempotencyTelemetry.Decide(request.Call, request.IsKeyed ? IdempotencyStep.Joined : IdempotencyStep.Coalesced);
                return flight;
            }

            Remove(flight);
        }
    }

    private Flight? TryBegin(SharedRequest request, bool streaming)
    {
        Flight flight = streaming ? new StreamFlight(request, store, client, Remove) : new AnswerFlight(request, store, client, Remove);
        if (!_flights.TryAdd(request.Key, flight))
        {
            flight.Dispose();
            return null;
        }

        _ = flight.FlyAsync();
        return flight;
    }

    private void Remove(Flight flight) => _flights.TryRemove(new KeyValuePair<Hash256, Flight>(flight.Request.Key, flight));
}
