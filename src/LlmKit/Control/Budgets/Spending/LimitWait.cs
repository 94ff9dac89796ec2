using LlmKit.Calls;
using LlmKit.Control.Budgets.Ledger;
using LlmKit.Models;

namespace LlmKit.Control.Budgets.Spending;

/// <summary>One attempt's wait at a limit: how long until it is worth while to ask again, and whether at all.</summary>
/// <remarks>What others have reserved may come back at any moment, so it is asked for more and more rarely; a window that begins in time is waited for.</remarks>
internal sealed class LimitWait(LlmCall call)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private TimeSpan _pause = Shortest / 2;
    private int _asked;

    /// <summary>Gets whether nothing was waited for before.</summary>
    public bool IsFirst => _asked == 1;

    /// <summary>Gives the next pause; <see langword="null"/> when no wait helps, or the call has no deadline or no time.</summary>
    public TimeSpan? Next(in BudgetAccount account, in ReserveResult result, Expense amount, Expense limit)
    {
        if (call.Remaining is not { } remaining || !amount.Fits(Expense.None, limit))
            return null;
        var ends = result.FreesAt ?? account.Until;
        var untilThen = ends == DateTimeOffset.MaxValue ? TimeSpan.MaxValue : ends - call.Time.GetUtcNow();
        var mayComeBack = amount.Fits(result.Balance.Spent, limit);
        if (!mayComeBack && untilThen >= remaining)
            return null;
        _asked++;
        _pause = _pause * 2 < Longest ? _pause * 2 : Longest;
        var pause = !mayComeBack || untilThen < _pause ? untilThen : _pause;
        if (pause >= remaining)
            return null;
        return pause > TimeSpan.Zero ? pause : Shortest;
    }
}
