namespace LlmKit.Control.Budgets.Ledger;

/// <summary>The outcome of a reservation.</summary>
/// <param name="Reservation">The reservation's id; 0 when it was refused.</param>
/// <param name="Over">The index of the charge that the amount does not fit: one that refused it, else one that only observes; -1 when it fits all.</param>
/// <param name="Balance">How the account of that charge stood before.</param>
/// <param name="FreesAt">When the rolling window of that charge lets go of what was spent first; <see langword="null"/> for other windows.</param>
public readonly record struct ReserveResult(long Reservation, int Over, BudgetBalance Balance, DateTimeOffset? FreesAt = null);
