using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using LlmKit.Calls;
using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace LlmKit.Tests.Models.Pricing;

/// <summary>What a model without a price costs, when somebody has said so and when nobody has.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class FallbackPriceTests(bool streamed)
{
    private static readonly ModelPrice Dollar = BudgetRig.DollarPerToken;

    [Test]
    public async Task Ask_WithoutAFallbackPrice_IsRefusedAndToldOfIt()
    {
        using var rig = Rig(builder => builder);

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Error, Is.TypeOf<AttemptRefusedException>().With.Message.Contains("has no price").And.Message.Contains("WithFallbackPrice"));
    }

    [Test]
    public async Task Ask_WithAFallbackPrice_IsReservedChargedAndMarkedWithItsVersion()
    {
        using var rig = Rig(builder => builder.WithFallbackPrice(Dollar));

        var outcome = await rig.AskAsync(streamed);

        var attempt = outcome.Call!.Attempts.Single();
        Assert.That((attempt.Cost, attempt.Priced, attempt.FallbackPriced, attempt.PriceVersion), Is.EqualTo((11m, true, true, Dollar.Version)));
        Assert.That(rig.Spent("all"), Is.EqualTo(11m));
    }

    [Test]
    public async Task Ask_AModelWithAPriceOfItsOwn_KeepsIt()
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("model", ScriptedAnswer.Text("ok")).WithFallbackPrice(new(500_000, 500_000)));

        var attempt = (await rig.AskAsync(streamed)).Call!.Attempts.Single();

        Assert.That((attempt.Cost, attempt.FallbackPriced), Is.EqualTo((11m, false)));
    }

    [Test]
    public async Task Ask_AFreeModelWithAFallbackOfUnknownPrice_CannotSpendWithoutLimit()
    {
        var strong = new ScriptedChatClient(ScriptedAnswer.Text("ok"));
        using var rig = new BudgetRig(builder => builder
            .AddModel("free", new ScriptedChatClient(ScriptedAnswer.Throws(LlmKit.Tests.Support.Failures.Http(503))), model => model.Price = ModelPrice.Free)
            .AddModel("strong", strong)
            .WithFallbackPrice(Dollar)
            .UseBudget(budget => budget.PerTenant("each", 60, BudgetWindow.Lifetime))
            .UseRouter(router => router.Priority("free", "strong")));

        var outcomes = new List<Outcome>();
        for (var i = 0; i < 10; i++)
            outcomes.Add(await rig.AskAsync(streamed));

        Assert.That(rig.Spent("each", BudgetScope.Tenant, "acme"), Is.EqualTo(44m), "25 are reserved for each, so that after the fourth nothing fits");
        Assert.That(strong.Requests, Has.Count.EqualTo(4));
        Assert.That(outcomes.Skip(4).Select(outcome => outcome.Error), Has.All.Not.Null);
    }

    [Test]
    public async Task Ask_OnAFallbackPrice_IsCountedByItsModel()
    {
        var model = "counted-" + Guid.NewGuid().ToString("n");
        var seen = new ConcurrentQueue<string>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, listening) => { if (instrument.Name == "llmkit.attempts.fallback_priced") listening.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => seen.Enqueue($"{value} {tags[0].Key}={tags[0].Value}"));
        listener.Start();
        using var rig = new BudgetRig(builder => builder.AddModel(model, new ScriptedChatClient(ScriptedAnswer.Text("ok"))).WithFallbackPrice(Dollar));

        await rig.AskAsync(streamed);

        Assert.That(seen.Where(measurement => measurement.Contains(model)), Is.EqualTo(new[] { $"1 llmkit.model={model}" }));
    }

    [Test]
    public void Build_WithAFallbackPrice_LogsOnceWhichModelsItPrices()
    {
        var logs = new RememberingLogs();
        using var rig = new BudgetRig(
            builder => builder.AddModel("unknown", new ScriptedChatClient(ScriptedAnswer.Text("ok"))).AddPriced("known", ScriptedAnswer.Text("ok")).WithFallbackPrice(Dollar).UseRouter(),
            more: services => services.AddSingleton<ILoggerFactory>(logs));

        _ = rig.Chat;
        _ = rig.Chat;

        Assert.That(logs.Messages.Where(message => message.Contains("fallback price")), Has.Exactly(1).Items.And.One.Contains("'unknown'"));
    }

    [Test]
    public async Task Configuration_OfAFallbackPrice_WinsOverCodeAndIsFollowed()
    {
        var configuration = ChangingConfiguration.Of(("FallbackPrice:InputPerMillion", "200000"), ("FallbackPrice:OutputPerMillion", "1000000"), ("FallbackPrice:CachedInputPerMillion", "0"));
        using var rig = new BudgetRig(builder => builder.AddModel("model", new ScriptedChatClient(ScriptedAnswer.Text("ok"))).WithFallbackPrice(Dollar), configuration: configuration);

        var before = await rig.AskAsync(streamed);
        configuration.Change("FallbackPrice:InputPerMillion", "300000");
        var after = await rig.AskAsync(streamed);
        configuration.Change("FallbackPrice:InputPerMillion", "dear");
        var refused = await rig.AskAsync(streamed);

        Assert.That(new[] { before, after, refused }.Select(outcome => outcome.Call!.Cost), Is.EqualTo(new[] { 3m, 4m, 4m }));
        Assert.That(before.Call!.Attempts[0].PriceVersion, Is.Not.EqualTo(after.Call!.Attempts[0].PriceVersion));
    }

    [TestCase("-1", "1", "not a number of 0 or more")]
    [TestCase("1,5", "1", "not a number of 0 or more")]
    [TestCase("1", null, "lacks InputPerMillion or OutputPerMillion")]
    [TestCase("1", "1000001", "above 1000000 USD")]
    public void Build_AFallbackPriceThatCannotBe_IsRefused(string input, string? output, string expected)
    {
        var settings = new List<(string, string)> { ("FallbackPrice:InputPerMillion", input) };
        if (output is not null)
            settings.Add(("FallbackPrice:OutputPerMillion", output));
        using var rig = new BudgetRig(builder => builder.AddModel("model", new ScriptedChatClient(ScriptedAnswer.Text("ok"))), configuration: ChangingConfiguration.Of([.. settings]));

        Assert.That(() => rig.Chat, Throws.TypeOf<LlmConfigurationException>().With.Message.Contains(expected));
    }

    private static BudgetRig Rig(Func<LlmPipelineBuilder, LlmPipelineBuilder> more) =>
        new(builder => more(builder.AddModel("model", new ScriptedChatClient(ScriptedAnswer.Text("ok")))).UseBudget(budget => budget.Global("all", 100, BudgetWindow.Lifetime)));
}
