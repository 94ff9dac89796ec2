using Microsoft.Extensions.AI;

namespace LlmKit.Models;

/// <summary>Remembers which model issued the state that later requests refer to: conversation ids and the like. Bounded; the oldest are forgotten.</summary>
/// <remarks>Thread-safe. Without a memory of a state, a request that refers to it goes to the first choice and to no other.</remarks>
internal sealed class ProviderState
{
    private const int Capacity = 10_000;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _issuers = [];
    private readonly Queue<string> _order = [];

    /// <summary>Gives the name of a state that comes as a continuation token.</summary>
    public static string? Of(ResponseContinuationToken? token) => token is null ? null : Convert.ToBase64String(token.ToBytes().Span);

    public void Remember(string? state, string model)
    {
        if (state is null)
            return;
        lock (_lock)
        {
            if (!_issuers.TryAdd(state, model))
            {
                _issuers[state] = model;
                return;
            }

            _order.Enqueue(state);
            if (_order.Count > Capacity)
                _issuers.Remove(_order.Dequeue());
        }
    }

    public string? IssuerOf(string state)
    {
        lock (_lock)
            return _issuers.GetValueOrDefault(state);
    }
}
