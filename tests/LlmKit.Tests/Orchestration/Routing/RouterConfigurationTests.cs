using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.Configuration;
using NUnit.Framework;

namespace LlmKit.Tests.Orchestration.Routing;

public class RouterConfigurationTests
{
    private readonly IConfigurationRoot _configuration = new ConfigurationBuilder().AddInMemoryCollection([]).Build();

    [Test]
    public void Build_WithAnUnknownModel_NamesItAndTheKnownOnes() =>
        Assert.That(() => Build(router => router.Priority("a", "nobody")), Throws.TypeOf<LlmConfigurationException>().With.Message.Contains("'nobody'").And.Message.Contains("a, b"));

    [Test]
    public void Build_WithAnUnknownModelInAnAllowList_IsRefused() =>
        Assert.That(
            () => Build(router => router.AllowedModels = new Dictionary<string, IReadOnlyList<string>> { ["acme"] = ["nobody"] }),
            Throws.TypeOf<LlmConfigurationException>().With.Message.Contains("'nobody'"));

    [Test]
    public void Build_WithAModelTwice_IsRefused() =>
        Assert.That(() => Build(router => router.Priority("a", "a")), Throws.TypeOf<LlmConfigurationException>().With.Message.Contains("twice"));

    [TestCase(-1)]
    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void Build_WithAnImpossibleWeight_IsRefused(double weight) =>
        Assert.That(() => Build(router => router.Weighted(("a", weight), ("b", 1))), Throws.TypeOf<LlmConfigurationException>().With.Message.Contains("'a'"));

    [Test]
    public void Build_WithWeightsOfNothing_IsRefused() =>
        Assert.That(() => Build(router => router.Weighted(("a", 0), ("b", 0))), Throws.TypeOf<LlmConfigurationException>());

    [Test]
    public void Build_WithWeightsOutsideTheRouteOnly_IsRefused()
    {
        Assert.That(
            () => Build(router =>
            {
                router.Weighted(("b", 1));
                router.Models = ["a"];
            }),
            Throws.TypeOf<LlmConfigurationException>());
    }

    [Test]
    public void Build_OfACascadeOfOne_IsRefused() =>
        Assert.That(() => Build(router => router.Cascade("a")), Throws.TypeOf<LlmConfigurationException>().With.Message.Contains("fewer than two"));

    [Test]
    public void Configuration_WithAnUnknownKindOfFailure_IsRefused()
    {
        _configuration["LlmKit:Default:Router:FallbackOn:0"] = "BadMood";

        Assert.That(() => Build(_ => { }), Throws.TypeOf<LlmConfigurationException>().With.Message.Contains("BadMood"));
    }

    [Test]
    public async Task Configuration_WithAListOfModels_TakesThePlaceOfTheOneInCode()
    {
        _configuration["LlmKit:Default:Router:Models:0"] = "b";
        using var rig = Rig(router => router.Priority("a", "b"));

        Assert.That((await rig.AskAsync(streamed: false)).Text, Is.EqualTo("from b"));
    }

    [Test]
    public async Task Configuration_WithAListOfKinds_TakesThePlaceOfTheDefaults()
    {
        _configuration["LlmKit:Default:Router:FallbackOn:0"] = "InvalidRequest";
        using var rig = new BudgetRig(
            builder => builder.AddPriced("a", ScriptedAnswer.Throws(Failures.Http(503))).AddPriced("b", ScriptedAnswer.Text("from b")).UseRouter(), configuration: _configuration);

        Assert.That((await rig.AskAsync(streamed: false)).Error, Is.TypeOf<HttpRequestException>());
    }

    [Test]
    public async Task Configuration_OfOneTenantsModels_KeepsTheOthers()
    {
        _configuration["LlmKit:Default:Router:AllowedModels:beta:0"] = "a";
        using var rig = Rig(router => router.AllowedModels = new Dictionary<string, IReadOnlyList<string>> { ["acme"] = ["b"] });

        Assert.That((await rig.AskAsync(streamed: false)).Text, Is.EqualTo("from b"));
    }

    [Test]
    public async Task Configuration_OfOneWeight_KeepsTheOthers()
    {
        _configuration["LlmKit:Default:Router:Weights:a"] = "0";
        using var rig = Rig(router => router.Weighted(("a", 1), ("b", 1)));

        for (var i = 0; i < 20; i++)
            Assert.That((await rig.AskAsync(streamed: false)).Text, Is.EqualTo("from b"));
    }

    [Test]
    public async Task Reload_OfAnotherOrder_IsFollowed([Values] bool streamed)
    {
        using var rig = Rig(router => router.Priority("a", "b"));
        await rig.AskAsync(streamed);

        _configuration["LlmKit:Default:Router:Models:0"] = "b";
        _configuration["LlmKit:Default:Router:Models:1"] = "a";
        _configuration.Reload();

        Assert.That((await rig.AskAsync(streamed)).Text, Is.EqualTo("from b"));
    }

    [Test]
    public async Task Reload_WithAnUnknownModel_KeepsTheOldRoute()
    {
        using var rig = Rig(router => router.Priority("a", "b"));
        _ = rig.Chat;

        _configuration["LlmKit:Default:Router:Models:0"] = "nobody";
        _configuration.Reload();

        Assert.That((await rig.AskAsync(streamed: false)).Text, Is.EqualTo("from a"));
    }

    private void Build(Action<RouterOptions> router)
    {
        using var rig = Rig(router);
        _ = rig.Chat;
    }

    private BudgetRig Rig(Action<RouterOptions> router) => new(
        builder => builder.AddPriced("a", ScriptedAnswer.Text("from a")).AddPriced("b", ScriptedAnswer.Text("from b")).UseRouter(router), configuration: _configuration);
}
