using LlmKit.Testing.Contracts;
using Microsoft.Extensions.AI;

namespace LlmKit.Testing;

/// <summary>What every stage of a pipeline owes its neighbours, plain and streamed: a check for your own decorators.</summary>
/// <remarks>Needs no test framework: assert that the list is empty. Nothing here waits unless a stage hangs.</remarks>
public static class StageContract
{
    private static readonly (string Name, Func<Func<IChatClient, IChatClient>, Task> Check)[] Checks =
    [
        ("passes answers through", PassingChecks.PassesThroughAsync),
        ("streams what it answers plain", PassingChecks.StreamsWhatItAnswersAsync),
        ("accepts missing options", PassingChecks.AcceptsNoOptionsAsync),
        ("serves requests at once", PassingChecks.ServesAtOnceAsync),
        ("leaves the caller's objects as they were", PassingChecks.LeavesCallersObjectsAsync),
        ("enumerates the messages once", PassingChecks.EnumeratesOnceAsync),
        ("refuses null arguments", PassingChecks.RefusesNullAsync),
        ("finds services of the inner client", PassingChecks.FindsServicesAsync),
        ("passes exceptions unwrapped", EndingChecks.PassesExceptionsAsync),
        ("passes exceptions in mid-stream", EndingChecks.PassesExceptionsInMidStreamAsync),
        ("hears cancellation", EndingChecks.HearsCancellationAsync),
        ("closes the inner stream when it is left early", EndingChecks.ClosesStreamsAsync),
        ("disposes of the inner client once", EndingChecks.DisposesOnceAsync),
    ];

    /// <summary>Runs every check on stages that a factory makes, a new one for each check.</summary>
    /// <param name="stage">Makes the stage around an inner client. The stage must let ordinary requests pass: no empty budget, no cached answer.</param>
    /// <returns>What the stage breaks, one sentence each; empty when it keeps the contract.</returns>
    public static async Task<IReadOnlyList<string>> VerifyAsync(Func<IChatClient, IChatClient> stage)
    {
        ArgumentNullException.ThrowIfNull(stage);
        var violations = new List<string>();
        foreach (var (name, check) in Checks)
        {
            try
            {
                await check(stage).ConfigureAwait(false);
            }
            catch (ContractBrokenException broken)
            {
                violations.Add($"The rule that a stage {name} is broken: {broken.Message}");
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                violations.Add($"The rule that a stage {name} is broken: it threw {exception.GetType().Name}: {exception.Message}");
            }
        }

        return violations;
    }
}
