using LlmKit.Simulator.Faults;
using NUnit.Framework;

namespace LlmKit.Integration.Tests.Simulator.Faults;

public sealed class FaultPlanTests
{
    [Test]
    public async Task Always_FirstTries_SparesTheThirdTryOfTheSameBody()
    {
        await using var simulator = await Sample.StartAsync(options => options.Faults.Always(Fault.ServerError(), firstTries: 2));
        using var client = new RawClient(simulator);

        int[] sameBody = [await StatusAsync(client, "a"), await StatusAsync(client, "a"), await StatusAsync(client, "a")];
        var otherBody = await StatusAsync(client, "b");

        Assert.That(sameBody, Is.EqualTo(new[] { 500, 500, 200 }));
        Assert.That(otherBody, Is.EqualTo(500));
    }

    [Test]
    public async Task Rules_SeveralFit_TheFirstIsPlayed()
    {
        await using var simulator = await Sample.StartAsync(options => options.Faults
            .OnText("REFUND", Fault.Overloaded())
            .OnModel("small", Fault.ServerError()));
        using var client = new RawClient(simulator);

        Assert.That(await StatusAsync(client, "my refund please"), Is.EqualTo(529));
        Assert.That(await StatusAsync(client, "something else"), Is.EqualTo(500));
    }

    [Test]
    public async Task OnRequest_Number_HitsThatOneOnly()
    {
        await using var simulator = await Sample.StartAsync(options => options.Faults.OnRequest(2, Fault.ServerError()));
        using var client = new RawClient(simulator);

        int[] statuses = [await StatusAsync(client, "a"), await StatusAsync(client, "b"), await StatusAsync(client, "c")];

        Assert.That(statuses, Is.EqualTo(new[] { 200, 500, 200 }));
    }

    [Test]
    public async Task Clear_WhileRunning_EndsTheOutage()
    {
        await using var simulator = await Sample.StartAsync(options => options.Faults.Always(Fault.Unavailable()));
        using var client = new RawClient(simulator);

        var before = await StatusAsync(client, "a");
        simulator.Faults.Clear();

        Assert.That((before, await StatusAsync(client, "a")), Is.EqualTo((503, 200)));
    }

    [Test]
    public async Task ByChance_SameSeed_HitsTheSameRequestsWhateverTheOrder()
    {
        var oneByOne = await OutcomesAsync(seed: 7, concurrent: false);
        var atOnce = await OutcomesAsync(seed: 7, concurrent: true);
        var otherSeed = await OutcomesAsync(seed: 8, concurrent: false);

        Assert.That(atOnce, Is.EqualTo(oneByOne));
        Assert.That(otherSeed, Is.Not.EqualTo(oneByOne));
        Assert.That(oneByOne.Count(status => status == 500), Is.InRange(15, 45));
    }

    [Test]
    public void ByChance_NoProbability_Throws([Values(-0.1, 1.1, double.NaN)] double probability)
    {
        Assert.That(() => new FaultPlan().ByChance(probability, Fault.ServerError()), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static async Task<int[]> OutcomesAsync(int seed, bool concurrent)
    {
        await using var simulator = await Sample.StartAsync(options =>
        {
            options.Seed = seed;
            options.Faults.ByChance(0.3, Fault.ServerError());
        });
        using var client = new RawClient(simulator);

        var statuses = new int[100];
        var texts = Enumerable.Range(0, statuses.Length);
        await Parallel.ForEachAsync(
            concurrent ? texts.Reverse() : texts,
            new ParallelOptions { MaxDegreeOfParallelism = concurrent ? 16 : 1 },
            async (i, _) => statuses[i] = await StatusAsync(client, $"question {i}"));
        return statuses;
    }

    private static async Task<int> StatusAsync(RawClient client, string text)
    {
        using var response = await client.OpenAIAsync(RawClient.OpenAI(text));
        return (int)response.StatusCode;
    }
}
