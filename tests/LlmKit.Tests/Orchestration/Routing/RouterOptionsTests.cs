using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.Configuration;
using NUnit.Framework;

namespace LlmKit.Tests.Orchestration.Routing;

[TestFixture(false)]
[TestFixture(true)]
public sealed class RouterOptionsTests(bool streamed)
{
    private readonly IConfigurationRoot _configuration = new ConfigurationBuilder().AddInMemoryCollection([]).Build();

    [TestCase("triage", "from b")]
    [TestCase("chat", "from c")]
    [TestCase("other", "from a")]
    [TestCase("TRIAGE", "from a")]
    [TestCase(null, "from a")]
    public async Task ForFeature_CallOfAFeature_GoesToItsModelsAndOthersToTheDefault(string? feature, string answer)
    {
        using var rig = Rig(router => router.Priority("a").ForFeature("triage", "b", "a").ForFeature("chat", "c"));

        Assert.That((await AskAsync(rig, feature)).Text, Is.EqualTo(answer));
    }

    [Test]
    public async Task ForFeature_FirstModelThatFails_FallsBackWithinTheFeaturesModels()
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("a", ScriptedAnswer.Text("from a")).AddPriced("b", ScriptedAnswer.Throws(Failures.Http(503))).AddPriced("c", ScriptedAnswer.Text("from c"))
            .UseRouter(router => router.Priority("a").ForFeature("triage", "b", "c")));

        var outcome = await AskAsync(rig, "triage");

        Assert.That(outcome.Text, Is.EqualTo("from c"));
    }

    [Test]
    public async Task ForFeature_OnlyModelThatFails_GoesToNoOther()
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("a", ScriptedAnswer.Text("from a")).AddPriced("b", ScriptedAnswer.Throws(Failures.Http(503)))
            .UseRouter(router => router.Priority("a").ForFeature("triage", "b")));

        Assert.That((await AskAsync(rig, "triage")).Error, Is.TypeOf<HttpRequestException>());
    }

    [Test]
    public async Task ForFeature_SameFeatureTwice_TakesTheLaterModels()
    {
        using var rig = Rig(router => router.Priority("a").ForFeature("triage", "b").ForFeature("triage", "c"));

        Assert.That((await AskAsync(rig, "triage")).Text, Is.EqualTo("from c"));
    }

    [Test]
    public async Task ForFeature_UnderACascade_DraftsWithTheFeaturesModels()
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("a", ScriptedAnswer.Text("from a")).AddPriced("b", ScriptedAnswer.Text(" ")).AddPriced("c", ScriptedAnswer.Text("from c"))
            .UseRouter(router => router.Cascade("a", "c").ForFeature("triage", "b", "c")));

        var outcome = await AskAsync(rig, "triage");

        Assert.That(outcome.Text, Is.EqualTo("from c"));
        Assert.That(outcome.Call!.Attempts.Select(attempt => attempt.Model), Is.EqualTo(["b", "c"]));
    }

    [Test]
    public async Task ForFeature_ByWeight_DrawsFromTheFeaturesModels()
    {
        using var rig = Rig(router => router.Weighted(("a", 1), ("b", 1), ("c", 0)).ForFeature("triage", "b", "c"));

        for (var i = 0; i < 10; i++)
            Assert.That((await AskAsync(rig, "triage")).Text, Is.EqualTo("from b"));
    }

    [Test]
    public async Task ForFeature_ThatConfigurationNames_GivesWayAndTheOthersStay()
    {
        _configuration["LlmKit:Default:Router:FeatureModels:triage:0"] = "c";
        using var rig = Rig(router => router.Priority("a").ForFeature("triage", "b").ForFeature("chat", "b"));

        Assert.That((await AskAsync(rig, "triage")).Text, Is.EqualTo("from c"));
        Assert.That((await AskAsync(rig, "chat")).Text, Is.EqualTo("from b"));
    }

    [Test]
    public async Task ForFeature_ReloadedWithAnUnknownModel_KeepsTheOldRoute()
    {
        using var rig = Rig(router => router.Priority("a").ForFeature("triage", "b"));
        _ = rig.Chat;

        _configuration["LlmKit:Default:Router:FeatureModels:triage:0"] = "nobody";
        _configuration.Reload();

        Assert.That((await AskAsync(rig, "triage")).Text, Is.EqualTo("from b"));
    }

    private static IEnumerable<TestCaseData> Wrong()
    {
        yield return Case("an unknown model", router => router.ForFeature("triage", "nobody"), "'nobody'");
        yield return Case("no model", router => router.ForFeature("triage"), "'triage'");
        yield return Case("a model twice", router => router.ForFeature("triage", "b", "b"), "'b'");
        yield return Case("null for a model", router => router.ForFeature("triage", "b", null!), "'triage'");
        yield return Case("weights of nothing", router => router.Weighted(("a", 1)).ForFeature("triage", "b"), "'triage'");
        yield return Case("null for the models of a route", router => router.Models = ["a", null!], "'default'");
        yield return Case("null for the models of a tenant", router => router.AllowedModels = new Dictionary<string, IReadOnlyList<string>> { ["acme"] = null! }, "'acme'");
        yield return Case("null for the models of a feature", router => router.FeatureModels = new Dictionary<string, IReadOnlyList<string>> { ["triage"] = null! }, "'triage'");
        yield return Case("null for the list of models", router => router.Models = null!, "RouterOptions.Models");
        yield return Case("null for the weights", router => router.Weights = null!, "RouterOptions.Weights");
        yield return Case("null for the features", router => router.FeatureModels = null!, "RouterOptions.FeatureModels");
        yield return Case("null for the tenants", router => router.AllowedModels = null!, "RouterOptions.AllowedModels");
        yield return Case("null for the kinds", router => router.FallbackOn = null!, "RouterOptions.FallbackOn");
    }

    [TestCaseSource(nameof(Wrong))]
    public void Build_WithARouteThatLeadsNowhere_IsRefused(Action<RouterOptions> router, string named)
    {
        using var rig = Rig(router);

        Assert.That(() => rig.Chat, Throws.TypeOf<LlmConfigurationException>().With.Message.Contains(named).And.Message.EndsWith("."));
    }

    [TestCase(null)]
    [TestCase(" ")]
    public void ForFeature_NoFeatureOrNoModels_IsSaidAtOnce(string? feature)
    {
        Assert.That(() => new RouterOptions().ForFeature(feature!, "a"), Throws.InstanceOf<ArgumentException>().With.Property("ParamName").EqualTo("feature"));
        Assert.That(() => new RouterOptions().ForFeature("triage", null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("models"));
    }

    private static TestCaseData Case(string name, Action<RouterOptions> router, string named) => new TestCaseData(router, named).SetArgDisplayNames(name);

    private Task<Outcome> AskAsync(BudgetRig rig, string? feature) => rig.AskAsync(streamed, BudgetRig.Call(feature: feature));

    private BudgetRig Rig(Action<RouterOptions> router) => new(
        builder => builder.AddPriced("a", ScriptedAnswer.Text("from a")).AddPriced("b", ScriptedAnswer.Text("from b")).AddPriced("c", ScriptedAnswer.Text("from c")).UseRouter(router), configuration: _configuration);
}
