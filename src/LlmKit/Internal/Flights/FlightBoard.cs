using System.Collections.Concurrent;
using LlmKit.Internal.Keys;
using Microsoft.Extensions.AI;

namespace LlmKit.Internal.Flights;

/// <summary>The requests that are on their way, by key. Thread-safe.</summary>
internal sealed class FlightBoard(IChatClient client)
{
    private readonly ConcurrentDictionary<Hash256, Flight> _flights = [];

    /// <summary>Gets the number of requests that are on their way.</summary>
    public int Count => _flights.Count;

    /// <summary>Gives the flight under a key; <see langword="null"/> for none.</summary>
    public Flight? Find(in Hash256 key) => _flights.GetValueOrDefault(key);

    /// <summary>Joins a request to the one on its way under the same key, or begins it.</summary>
    public Passenger Enter(FlightRequest request, bool streaming)
    {
        while (true)
        {
            if (TryEnter(request, streaming) is { } passenger)
                return passenger;
        }
    }

    /// <summary>Tries once to join or to begin; <see langword="null"/> when another call came between.</summary>
    public Passenger? TryEnter(FlightRequest request, bool streaming)
    {
        if (Find(request.Key) is not { } flight)
            return TryBegin(request, streaming);
        if (flight.TryJoin(request.Call, streaming) is { } joined)
            return joined;
        Remove(flight);
        return null;
    }

    private Passenger? TryBegin(FlightRequest request, bool streaming)
    {
        Flight flight = streaming ? new StreamFlight(request, client, Remove) : new AnswerFlight(request, client, Remove);
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
