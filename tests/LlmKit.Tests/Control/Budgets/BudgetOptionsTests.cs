using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.Configuration;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Budgets;

public sealed class BudgetOptionsTests
{
    private static IEnumerable<TestCaseData> Exceptions()
    {
        yield return Case("a tenant", budget => budget.PerTenant("l", 10, BudgetWindow.Lifetime).For("l", "acme", 100), BudgetRig.Call(), BudgetRig.Call(tenant: "other"));
        yield return Case("a feature", budget => budget.PerFeature("l", 10, BudgetWindow.Daily).For("l", "triage", 100), BudgetRig.Call(), BudgetRig.Call(feature: "chat"));
        yield return Case("a user", budget => budget.PerUser("l", 10, BudgetWindow.Monthly).For("l", "acme/u1", 100), BudgetRig.Call(), BudgetRig.Call(user: "u2"));
        yield return Case("a user of another tenant", budget => budget.PerUser("l", 10, BudgetWindow.Lifetime).For("l", "acme/u1", 100), BudgetRig.Call(), BudgetRig.Call(tenant: "other"));
        yield return Case("a user without a tenant", budget => budget.PerUser("l", 10, BudgetWindow.Lifetime).For("l", "/u1", 100), BudgetRig.Call(tenant: null), BudgetRig.Call());
        yield return Case("a user with a slash", budget => budget.PerUser("l", 10, BudgetWindow.Lifetime).For("l", "acme/a/b", 100), BudgetRig.Call(user: "a/b"), BudgetRig.Call(user: "a"));
        yield return Case("a limit in other letters", budget => budget.PerTenant("L", 10, BudgetWindow.Lifetime).For("l", "acme", 100), BudgetRig.Call(), BudgetRig.Call(tenant: "ACME"));
    }

    [TestCaseSource(nameof(Exceptions))]
    public async Task For_OneValue_HasItsOwnAmountAndTheOthersKeepTheirs(Action<BudgetOptions> budget, LlmCallOptions named, LlmCallOptions other)
    {
        foreach (var streamed in new[] { false, true })
        {
            using var rig = BudgetRig.For(ScriptedAnswer.Text("ok"), budget);

            Assert.That((await rig.AskAsync(streamed, named)).Text, Is.EqualTo("ok"));
            Assert.That((await rig.AskAsync(streamed, other)).Error, Is.TypeOf<BudgetExceededException>().With.Property("Amount").EqualTo(10m));
        }
    }

    [Test]
    public async Task For_AModel_HasItsOwnAmount([Values] bool streamed)
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("small", ScriptedAnswer.Text("small")).AddPriced("strong", ScriptedAnswer.Text("strong"))
            .UseBudget(budget => budget.PerModel("l", 10, BudgetWindow.Lifetime).For("l", "strong", 100)).UseRouter());

        Assert.That((await rig.AskAsync(streamed)).Text, Is.EqualTo("strong"));
    }

    [Test]
    public async Task For_SmallerAmount_RefusesThatValueOnly([Values] bool streamed)
    {
        using var rig = BudgetRig.For(ScriptedAnswer.Text("ok"), budget => budget.PerTenant("l", 100, BudgetWindow.Lifetime).For("l", "acme", 0));

        var refused = await rig.AskAsync(streamed);
        var other = await rig.AskAsync(streamed, BudgetRig.Call(tenant: "other"));

        Assert.That(refused.Error, Is.TypeOf<BudgetExceededException>().With.Property("Amount").EqualTo(0m));
        Assert.That(other.Text, Is.EqualTo("ok"));
    }

    [Test]
    public async Task For_SameValueTwice_TakesTheLaterAmount()
    {
        using var rig = BudgetRig.For(ScriptedAnswer.Text("ok"), budget => budget.PerTenant("l", 1, BudgetWindow.Lifetime).For("l", "acme", 1).For("l", "acme", 100));

        Assert.That((await rig.AskAsync(streamed: false)).Text, Is.EqualTo("ok"));
    }

    [Test]
    public async Task For_AValueThatConfigurationNames_GivesWay()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("LlmKit:Default:Budget:Limits:l:Overrides:acme", "100")]).Build();
        using var rig = new BudgetRig(
            builder => builder.AddPriced("model", ScriptedAnswer.Text("ok")).UseBudget(budget => budget.PerTenant("l", 1, BudgetWindow.Lifetime).For("l", "acme", 1)), configuration: configuration);

        Assert.That((await rig.AskAsync(streamed: false)).Text, Is.EqualTo("ok"));
    }

    [Test]
    public void For_UnknownLimit_NamesItAndTheRemedy() =>
        Assert.That(() => new BudgetOptions().For("daily", "acme", 1), Throws.ArgumentException.With.Message.Contains("'daily'").And.Message.Contains("PerTenant"));

    [TestCase(null)]
    [TestCase("")]
    [TestCase(" ")]
    public void For_NoValueOrNoLimit_IsSaidAtOnce(string? nothing)
    {
        var budget = new BudgetOptions().PerTenant("l", 1, BudgetWindow.Daily);

        Assert.That(() => budget.For("l", nothing!, 1), Throws.InstanceOf<ArgumentException>().With.Property("ParamName").EqualTo("value"));
        Assert.That(() => budget.For(nothing!, "acme", 1), Throws.InstanceOf<ArgumentException>().With.Property("ParamName").EqualTo("name"));
    }

    private static IEnumerable<TestCaseData> Impossible()
    {
        yield return Wrong("a negative amount", budget => budget.PerTenant("l", 1, BudgetWindow.Daily).For("l", "acme", -1), "'-1'");
        yield return Wrong("an amount beyond reason", budget => budget.PerTenant("l", 1, BudgetWindow.Daily).For("l", "acme", 1e12m), "'1000000000000'");
        yield return Wrong("a value of a limit for all", budget => budget.Global("l", 1, BudgetWindow.Daily).For("l", "acme", 2), "'acme'");
        yield return Wrong("a value of a limit on each call", budget => budget.PerCall("l", 1).For("l", "acme", 2), "'acme'");
        yield return Wrong("a user whose tenant is not named", budget => budget.PerUser("l", 1, BudgetWindow.Daily).For("l", "u1", 2), "'u1'");
    }

    [TestCaseSource(nameof(Impossible))]
    public void Build_WithAnExceptionThatCannotApply_IsRefused(Action<BudgetOptions> budget, string named)
    {
        using var rig = BudgetRig.For(ScriptedAnswer.Text("ok"), budget);

        Assert.That(() => rig.Chat, Throws.TypeOf<LlmConfigurationException>().With.Property("Failures").Count.EqualTo(1).And.Message.Contains(named).And.Message.Contains("'l'"));
    }

    private static TestCaseData Case(string name, Action<BudgetOptions> budget, LlmCallOptions named, LlmCallOptions other) => new TestCaseData(budget, named, other).SetArgDisplayNames(name);

    private static TestCaseData Wrong(string name, Action<BudgetOptions> budget, string named) => new TestCaseData(budget, named).SetArgDisplayNames(name);
}
