namespace LlmKit.Simulator.Faults;

/// <summary>Counts how often each request was sent. Bounded: the requests seen first are forgotten first.</summary>
internal sealed class TryCounter
{
    private const int Capacity = 200_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, int> _tries = [];
    private readonly Queue<ulong> _order = new();

    public int Next(ulong fingerprint)
    {
        lock (_gate)
        {
            if (_tries.TryGetValue(fingerprint, out var tries))
                return _tries[fingerprint] = tries + 1;
            if (_order.Count >= Capacity)
                _tries.Remove(_order.Dequeue());

            _order.Enqueue(fingerprint);
            return _tries[fingerprint] = 1;
        }
    }
}
