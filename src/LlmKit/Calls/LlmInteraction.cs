using LlmKit.Models;

namespace LlmKit;

/// <summary>Several calls for one user task, such as a tool loop or an agent run: their totals.</summary>
/// <remarks>Thread-safe. Pass it as <see cref="LlmCallOptions.Interaction"/> or by <see cref="LlmScope.Begin"/>.</remarks>
public sealed class LlmInteraction
{
    private readonly Lock _lock = new();
    private Money _cost;
    private int _calls;
    private int _attempts;

    /// <summary>Creates an interaction.</summary>
    /// <param name="id">An id of yours, such as a conversation's; a new one is made when <see langword="null"/>.</param>
    public LlmInteraction(string? id = null) => Id = id ?? Guid.CreateVersion7().ToString("n");

    /// <summary>Gets the id.</summary>
    public string Id { get; }

    /// <summary>Gets what the closed calls and their attempts have cost so far, in USD.</summary>
    public decimal Cost
    {
        get
        {
            lock (_lock)
                return _cost.ToUsd();
        }
    }

    /// <summary>Gets the number of closed calls.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Gets the number of settled attempts of all calls.</summary>
    public int Attempts => Volatile.Read(ref _attempts);

    /// <summary>Starts an interaction whose calls are those made in the current asynchronous context until the scope is disposed of.</summary>
    /// <param name="interaction">The interaction, for its totals.</param>
    /// <param name="id">An id of yours.</param>
    /// <returns>The scope to dispose of.</returns>
    public static LlmScope Begin(out LlmInteraction interaction, string? id = null)
    {
        interaction = new(id);
        return LlmScope.Begin(interaction: interaction);
    }

    internal void AddCall() => Interlocked.Increment(ref _calls);

    internal void AddAttempt(Money cost)
    {
        Interlocked.Increment(ref _attempts);
        lock (_lock)
            _cost += cost;
    }
}
