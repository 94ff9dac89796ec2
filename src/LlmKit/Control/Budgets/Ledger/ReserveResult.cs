namespace LlmKit.Control.Budgets.Ledger;

/// <summary>The outcome of a reservation.</summary>
/// <param name="Reservation">The reservation's id; 0 when it was refused.</param>
/// <param name="Refused">The index of the first charge that would go over its limit; -1 when none does.</param>
/// <param name="Balance">How the account of that charge stands.</param>
public readonly record struct ReserveResult(long Reservation, int Refused, BudgetBalance Balance);
