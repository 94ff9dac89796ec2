using LlmKit.Calls;
using LlmKit.Internal.Flights;
using LlmKit.Internal.Hedging;
using LlmKit.Internal.Keys;

namespace LlmKit.Control.Caching;

/// <summary>A request that was not found, and whose answer equal requests of the same moment wait for.</summary>
internal sealed class CacheFlight(CacheRequest request, CacheRecords records) : FlightRequest(request.Messages, request.Options, request.Call)
{
    public override Hash256 Key { get; } = RequestKeys.Flight(request.Exact, request.Generation);

    public override long MaxBytes => request.Policy.MaxBytes;

    public override IUpdateKeeper Updates => CopiedUpdates.Instance;

    /// <summary>Whether a request may share its answer: not the second attempt of a hedge, which must not wait for the first, and nothing where the cache only observes.</summary>
    public static bool IsWanted(CacheRequest request) =>
        request.Policy is { SingleFlight: true, Observe: false } && request is { MayRead: true, MayWrite: true } && !HedgeMark.IsOn(request.Options);

    public override void NoteJoined(LlmCall joined) => records.Joined(joined);
}
