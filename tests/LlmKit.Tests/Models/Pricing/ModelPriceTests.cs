using FsCheck;
using FsCheck.Fluent;
using LlmKit.Calls;
using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using NUnit.Framework;

namespace LlmKit.Tests.Models.Pricing;

public sealed class ModelPriceTests
{
    private static readonly ModelPrice Tiered = new(
        3, 15, cachedInputPerMillion: 0.3m, cacheWritePerMillion: 3.75m, tiers: [new(400_000, 12, 45), new(200_000, 6, 22.5m, 0.6m, 7.5m)]);

    [TestCase(200_000, 3, 15)]
    [TestCase(200_001, 6, 22.5)]
    [TestCase(400_001, 12, 45)]
    public void CostOf_LargeInput_ChargesAllOfItAtItsTier(long input, decimal inputRate, decimal outputRate)
    {
        var cost = Tiered.CostOf(new() { Input = input, Output = 1_000 });

        Assert.That(cost, Is.EqualTo((input * inputRate + 1_000 * outputRate) / 1_000_000));
    }

    [Test]
    public void CostOf_PartsOfTheInput_AreChargedOnce()
    {
        var cost = Tiered.CostOf(new() { Input = 1_000, CachedInput = 600, CacheWrite = 300, Output = 0 });

        Assert.That(cost, Is.EqualTo((100 * 3m + 600 * 0.3m + 300 * 3.75m) / 1_000_000));
    }

    [Test]
    public void CostOf_PartsWithoutARate_AreChargedAsTheirWhole()
    {
        var cost = new ModelPrice(2, 8).CostOf(new() { Input = 100, CachedInput = 100, Output = 50, Reasoning = 50 });

        Assert.That(cost, Is.EqualTo((100 * 2m + 50 * 8m) / 1_000_000));
    }

    [Test]
    public void CostOf_RateFinerThanMoney_IsRoundedOnce()
    {
        var cost = new ModelPrice(0.0000015m, 0).CostOf(new() { Input = 1_000 });

        Assert.That(cost, Is.EqualTo(0.000000002m));
    }

    [Test]
    public void WorstCase_AnyUsageWithin_CostsNoMore() => Prop.ForAll<uint, uint, (byte Cached, byte Written)>((input, output, shares) =>
    {
        var (cachedShare, writtenShare) = shares;
        var usage = new TokenUsage { Input = input, Output = output };
        usage = usage with { CachedInput = usage.Input * cachedShare / 255, Reasoning = usage.Output * writtenShare / 255 };
        usage = usage with { CacheWrite = (usage.Input - usage.CachedInput) * writtenShare / 255 };
        return Tiered.Cost(usage) <= Tiered.WorstCase(usage.Input, usage.Output);
    }).QuickCheckThrowOnFailure();

    [Test]
    public void AffordableOutput_AnyAmount_IsTheMostThatFits() => Prop.ForAll<uint, uint>((cents, input) =>
    {
        var amount = Money.FromUsd(cents / 100m);
        var output = Tiered.AffordableOutput(amount, input);
        return output < 0
            ? Tiered.WorstCase(input, 0) > amount
            : Tiered.WorstCase(input, output) <= amount && Tiered.WorstCase(input, output + 1) > amount;
    }).QuickCheckThrowOnFailure();

    [Test]
    public void AffordableOutput_FreeModel_IsUnbounded() =>
        Assert.That(ModelPrice.Free.AffordableOutput(Money.Zero, 1_000), Is.EqualTo(long.MaxValue));

    [Test]
    public void Constructor_NegativePrice_Throws()
    {
        Assert.That(() => new ModelPrice(-1, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new ModelPrice(0, 0, cachedInputPerMillion: -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new ModelPrice(0, 0, tiers: [new(1, 1, 1, CachedInputPerMillion: -1)]), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Version_OfPrices_IsThatOfTheirRates()
    {
        Assert.That(new ModelPrice(1, 2) { Source = "here" }.Version, Is.EqualTo(new ModelPrice(1.0m, 2.00m).Version).And.Match("^[0-9a-f]{8}$"));
        Assert.That(new[] { new ModelPrice(1, 2), new ModelPrice(2, 1), new ModelPrice(1, 2, 0.5m), Tiered, ModelPrice.Free }.Select(price => price.Version), Is.Unique);
    }

    [Test]
    public async Task Version_OfAPriceThatWasReloaded_IsThatByWhichEachAttemptWasCharged([Values] bool streamed)
    {
        var configuration = ChangingConfiguration.Of(("Models:model:InputPerMillion", "1000000"), ("Models:model:OutputPerMillion", "1000000"));
        using var rig = new BudgetRig(builder => builder.AddModel("model", new ScriptedChatClient(ScriptedAnswer.Text("ok"))).UseBudget(budget => budget.Global("all", 1_000, BudgetWindow.Lifetime)), configuration: configuration);
        var before = await rig.AskAsync(streamed);

        configuration.Change("Models:model:OutputPerMillion", "500000");
        var after = await rig.AskAsync(streamed);

        Assert.That(new[] { before, after }.Select(outcome => (outcome.Call!.Cost, outcome.Call.Attempts.Single().PriceVersion)), Is.EqualTo(new[]
        {
            (11m, new ModelPrice(1_000_000, 1_000_000).Version),
            (10.5m, new ModelPrice(1_000_000, 500_000).Version),
        }));
        Assert.That(rig.Spent("all"), Is.EqualTo(21.5m));
    }
}
