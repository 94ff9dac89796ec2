using LlmKit.Calls;

namespace LlmKit.Models;

/// <summary>Ends the reservations of one attempt, each of them, whatever the others do.</summary>
/// <remarks>The answer is there, or lost, by then: a ledger that fails now is logged by its type and changes neither.</remarks>
internal static class AttemptHolds
{
    public static void Settle(ReadOnlySpan<ISpendingHold> holds, Money cost, LlmCall call, Model model)
    {
        foreach (var hold in holds)
        {
            try
            {
                hold.Settle(cost);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                Report("settle", call, model, exception);
            }
        }
    }

    public static void Release(ReadOnlySpan<ISpendingHold> holds, LlmCall call, Model model)
    {
        foreach (var hold in holds)
        {
            try
            {
                hold.Release();
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                Report("release", call, model, exception);
            }
        }
    }

    public static void Renew(ReadOnlySpan<ISpendingHold> holds, Money soFar, LlmCall call, Model model)
    {
        foreach (var hold in holds)
        {
            try
            {
                hold.Renew(soFar);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                Report("renew", call, model, exception);
            }
        }
    }

    private static void Report(string action, LlmCall call, Model model, Exception exception) =>
        CallLog.SpendingFailed(call.Setup.Logger, call.Pipeline, action, model.Name, exception.GetType().Name);
}
