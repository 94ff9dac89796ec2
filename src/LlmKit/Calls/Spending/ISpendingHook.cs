using LlmKit.Models;

namespace LlmKit.Calls;

/// <summary>A limit on money that a stage puts on a call; every attempt of the call is reserved against it before a byte is sent.</summary>
/// <remarks>Implementations are thread-safe: hedged attempts reserve at once.</remarks>
public interface ISpendingHook
{
    /// <summary>Gets what tells two hooks apart: a call holds one hook a key, so that money is counted once however often a limit is met.</summary>
    object Key { get; }

    /// <summary>Gets whether the hook needs a price. A model without one is refused then.</summary>
    bool NeedsPrice { get; }

    /// <summary>Says what the hook affords for an attempt.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="cancellationToken">Ends the wait for a slow ledger.</param>
    /// <returns>An amount, or <see langword="null"/> for no bound.</returns>
    ValueTask<Money?> HeadroomAsync(AttemptRequest attempt, CancellationToken cancellationToken);

    /// <summary>Reserves the worst case of an attempt.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="worstCase">What it can cost at the most.</param>
    /// <param name="cancellationToken">Ends the wait for a slow ledger.</param>
    /// <returns>The hold on the money.</returns>
    /// <exception cref="AttemptRefusedException">It does not fit.</exception>
    ValueTask<ISpendingHold> ReserveAsync(AttemptRequest attempt, Money worstCase, CancellationToken cancellationToken);
}

/// <summary>Money reserved for one attempt. Exactly one of settle and release takes effect; later calls do nothing.</summary>
public interface ISpendingHold
{
    /// <summary>Says that the attempt still lives, so that its reservation is not taken for a lost one.</summary>
    /// <param name="atLeast">What it has cost so far, as an estimate.</param>
    void Renew(Money atLeast);

    /// <summary>Books what the attempt cost, recorded in full even above the reservation.</summary>
    /// <param name="actual">The cost.</param>
    void Settle(Money actual);

    /// <summary>Gives the money back: nothing was spent.</summary>
    void Release();
}
