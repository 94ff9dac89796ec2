using LlmKit.Tests.Observability.Tracing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Conformance;

/// <summary>A stream through a whole pipeline: what it costs must not grow with its updates.</summary>
public sealed class StreamAllocationTests
{
    private const int Updates = 1_000;

    [Test]
    public async Task Stream_ManyUpdatesThroughEveryStageButRailsAndCache_AllocatesNothingForEach()
    {
        using var rig = new BudgetRig(builder => builder
            .AddPriced("model", new ReadyClient { Updates = Updates }, options => options.RequireFinishReason = false)
            .UseTracing().UseBudget(budget => budget.Global("all", 1_000_000_000, BudgetWindow.Lifetime)).UseRouter().UseResilience());

        var few = await LeastAllocatedAsync(rig.Chat, 100);
        var many = await LeastAllocatedAsync(rig.Chat, Updates);

        Assert.That((many - few) / (Updates - 100), Is.LessThan(8), "bytes for each update");
    }

    private static async Task<long> LeastAllocatedAsync(IChatClient chat, int updates)
    {
        var least = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            await using var stream = chat.GetStreamingResponseAsync("hi", BudgetRig.Call()).GetAsyncEnumerator();
            await stream.MoveNextAsync();
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 1; i < updates; i++)
            {
                var move = stream.MoveNextAsync();
                if (!move.IsCompletedSuccessfully || !move.Result)
                    throw new InvalidOperationException("An update that is there was not given at once.");
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
