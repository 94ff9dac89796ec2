using LlmKit.Models;

namespace LlmKit.Calls;

/// <summary>A limit on money or tokens that a stage puts on a call; every attempt of the call is reserved against it before a byte is sent.</summary>
/// <remarks>Implementations are thread-safe: hedged attempts reserve at once.</remarks>
public interface ISpendingHook
{
    /// <summary>Gets what tells two hooks apart: a call holds one hook a key, so that money is counted once however often a limit is met.</summary>
    object Key { get; }

    /// <summary>Gets whether the hook needs a price. A model without one is refused then.</summary>
    bool NeedsPrice { get; }

    /// <summary>Gets whether an answer whose length the caller named may be made shorter where the hook does not afford it.</summary>
    bool ShortensAnswers => false;

    /// <summary>Says what the hook affords for an attempt.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="cancellationToken">Ends the wait for a slow ledger.</param>
    /// <returns>The most it affords, or <see langword="null"/> for no bound.</returns>
    ValueTask<Expense?> HeadroomAsync(AttemptRequest attempt, CancellationToken cancellationToken);

    /// <summary>Reserves the worst case of an attempt.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="worstCase">What it can cost at the most.</param>
    /// <param name="cancellationToken">Ends the wait for a slow ledger.</param>
    /// <returns>The hold on it.</returns>
    /// <exception cref="AttemptRefusedException">It does not fit.</exception>
    ValueTask<ISpendingHold> ReserveAsync(AttemptRequest attempt, Expense worstCase, CancellationToken cancellationToken);
}

/// <summary>Money and tokens reserved for one attempt. Exactly one of settle and release takes effect; later calls do nothing.</summary>
public interface ISpendingHold
{
    /// <summary>Gets whether no attempt like this one would fit after it, so that it should bring a tool loop to its end: it is sent without tools.</summary>
    bool IsLast => false;

    /// <summary>Says that the attempt still lives, so that its reservation is not taken for a lost one.</summary>
    /// <param name="atLeast">What it has cost so far, as an estimate.</param>
    void Renew(Expense atLeast);

    /// <summary>Books what the attempt used up, recorded in full even above the reservation.</summary>
    /// <param name="actual">The cost and the tokens.</param>
    void Settle(Expense actual);

    /// <summary>Gives it back: nothing was used up.</summary>
    void Release();
}
