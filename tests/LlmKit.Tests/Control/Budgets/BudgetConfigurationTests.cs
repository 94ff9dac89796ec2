using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.Configuration;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Budgets;

public class BudgetConfigurationTests
{
    private readonly IConfigurationRoot _configuration = new ConfigurationBuilder().AddInMemoryCollection([]).Build();

    [TestCase(-0.01)]
    [TestCase(1e18)]
    public void Build_WithAnAmountOutOfRange_IsRefused(double amount) =>
        Assert.That(() => Build(budget => budget.Global("all", (decimal)amount, BudgetWindow.Daily)), Throws.TypeOf<LlmConfigurationException>().With.Message.Contains("'all'"));

    [Test]
    public void Build_WithoutLimits_IsRefused() =>
        Assert.That(() => Build(_ => { }), Throws.TypeOf<LlmConfigurationException>().With.Message.Contains("no limit"));

    [Test]
    public void Build_WithSeveralMistakes_ListsThemAll()
    {
        Assert.That(
            () => Build(budget =>
            {
                budget.Limits["a"] = new() { Amount = -1, Scope = (BudgetScope)99 };
                budget.Limits[" "] = new() { Amount = 1 };
                budget.Limits["b"] = null!;
                budget.LedgerTimeout = TimeSpan.Zero;
                budget.MissingIdentity = (MissingIdentity)99;
                budget.WhenLedgerFails = (WhenLedgerFails)99;
            }),
            Throws.TypeOf<LlmConfigurationException>().With.Property("Failures").Count.EqualTo(7));
    }

    [TestCase("daily")]
    [TestCase("DAILY")]
    public async Task Configuration_OfALimitNamedInCode_ChangesWhatItSaysAndNothingElse(string name)
    {
        _configuration[$"LlmKit:Default:Budget:Limits:{name}:Amount"] = "10";
        using var rig = Rig(budget => budget.PerTenant("daily", 100, BudgetWindow.Daily));

        var refusal = (BudgetExceededException)(await rig.AskAsync(streamed: false)).Error!;

        Assert.That((refusal.Amount, refusal.Scope), Is.EqualTo((10m, BudgetScope.Tenant)));
    }

    [Test]
    public async Task Configuration_OfALimitNotNamedInCode_AddsIt()
    {
        _configuration["LlmKit:Default:Budget:Limits:team:Amount"] = "10";
        _configuration["LlmKit:Default:Budget:Limits:team:Scope"] = "Feature";
        using var rig = Rig(budget => budget.Global("all", 100, BudgetWindow.Daily));

        var refusal = (BudgetExceededException)(await rig.AskAsync(streamed: false)).Error!;

        Assert.That((refusal.Limit, refusal.Scope), Is.EqualTo(("team", BudgetScope.Feature)));
    }

    [Test]
    public void Configuration_WithAnUnknownScope_IsRefused()
    {
        _configuration["LlmKit:Default:Budget:Limits:all:Scope"] = "Galaxy";

        Assert.That(() => Build(budget => budget.Global("all", 100, BudgetWindow.Daily)), Throws.TypeOf<LlmConfigurationException>());
    }

    [Test]
    public async Task Reload_WithAnotherAmount_KeepsTheSpend()
    {
        using var rig = Rig(budget => budget.Global("all", 30, BudgetWindow.Lifetime));
        await rig.AskAsync(streamed: false);

        Reload("Limits:all:Amount", "40");
        await rig.AskAsync(streamed: false);

        Assert.That(rig.Spent("all"), Is.EqualTo(22m));
        Assert.That((await rig.AskAsync(streamed: false)).Error, Is.TypeOf<BudgetExceededException>());
    }

    [TestCase("-5")]
    [TestCase("1000000000000000000")]
    [TestCase("much")]
    public async Task Reload_WithAnInvalidAmount_KeepsTheOldLimits(string amount)
    {
        using var rig = Rig(budget => budget.Global("all", 30, BudgetWindow.Lifetime));
        await rig.AskAsync(streamed: false);

        Assert.That(() => Reload("Limits:all:Amount", amount), Throws.Nothing);

        Assert.That((await rig.AskAsync(streamed: false)).Error, Is.TypeOf<BudgetExceededException>().With.Property("Amount").EqualTo(30m));
    }

    [Test]
    public async Task Reload_DuringACall_LeavesItItsLimits()
    {
        using var rig = new BudgetRig(
            builder => builder.AddPriced("model", new ScriptedChatClient((_, _) =>
            {
                Reload("Limits:all:Amount", "1");
                return ScriptedAnswer.Throws(Failures.Http(503));
            })).AddPriced("next", ScriptedAnswer.Text("ok")).UseBudget(budget => budget.Global("all", 100, BudgetWindow.Lifetime)).UseRouter(),
            configuration: _configuration);

        var outcome = await rig.AskAsync(streamed: false);

        Assert.That(outcome.Text, Is.EqualTo("ok"));
    }

    private void Build(Action<BudgetOptions> budget)
    {
        using var rig = Rig(budget);
        _ = rig.Chat;
    }

    private BudgetRig Rig(Action<BudgetOptions> budget)
    {
        var rig = new BudgetRig(builder => builder.AddPriced("model", ScriptedAnswer.Text("ok")).UseBudget(budget), configuration: _configuration);
        _ = rig.Chat;
        return rig;
    }

    private void Reload(string setting, string value)
    {
        _configuration["LlmKit:Default:Budget:" + setting] = value;
        _configuration.Reload();
    }
}
