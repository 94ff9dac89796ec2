using LlmKit.Calls;

namespace LlmKit.Models;

/// <summary>The reservations of one attempt, mostly a single one. Each is ended, whatever the others do.</summary>
/// <remarks>The answer is there, or lost, by then: a ledger that fails now is logged by its type and changes neither.</remarks>
internal struct AttemptHolds
{
    private ISpendingHold? _first;
    private List<ISpendingHold>? _others;

    public readonly bool IsEmpty => _first is null;

    /// <summary>Gets whether the limits afford no attempt like this one after it.</summary>
    public readonly bool AreLast => _first is { IsLast: true } || _others?.Exists(static hold => hold.IsLast) == true;

    public void Add(ISpendingHold hold)
    {
        if (_first is null)
            _first = hold;
        else
            (_others ??= []).Add(hold);
    }

    public readonly void Settle(Expense actual, LlmCall call, Model model) => Each("settle", static (hold, actual) => hold.Settle(actual), actual, call, model);

    public readonly void Release(LlmCall call, Model model) => Each("release", static (hold, _) => hold.Release(), Expense.None, call, model);

    public readonly void Renew(Expense soFar, LlmCall call, Model model) => Each("renew", static (hold, soFar) => hold.Renew(soFar), soFar, call, model);

    private readonly void Each(string action, Action<ISpendingHold, Expense> apply, Expense amount, LlmCall call, Model model)
    {
        if (_first is null)
            return;
        Try(_first, action, apply, amount, call, model);
        if (_others is null)
            return;
        foreach (var hold in _others)
            Try(hold, action, apply, amount, call, model);
    }

    private static void Try(ISpendingHold hold, string action, Action<ISpendingHold, Expense> apply, Expense amount, LlmCall call, Model model)
    {
        try
        {
            apply(hold, amount);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            CallLog.SpendingFailed(call.Setup.Logger, call.Pipeline, action, model.Name, exception.GetType().Name);
        }
    }
}
