using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Budgets;

/// <summary>Limits on tokens: of models that have no price too.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class BudgetTokenLimitTests(bool streamed)
{
    private static readonly ScriptedAnswer Answer = ScriptedAnswer.Text("ok");

    [Test]
    public async Task Ask_BeyondTheTokens_IsRefusedAndToldSo()
    {
        using var rig = Rig(limit => limit.Tokens = 30);
        await rig.AskAsync(streamed);

        var refusal = (BudgetExceededException)(await rig.AskAsync(streamed)).Error!;

        Assert.That((refusal.Tokens, refusal.SpentTokens, refusal.Amount), Is.EqualTo(((long?)30, (long?)11, (decimal?)null)));
        Assert.That(refusal.Message, Does.Contain("of 30 tokens has 19 tokens left").And.Contain("may cost 25 tokens"));
    }

    [Test]
    public async Task Ask_OfAModelWithoutAPrice_IsHeldToItsTokens()
    {
        using var rig = new BudgetRig(builder => builder
            .AddModel("model", new ScriptedChatClient(Answer))
            .UseBudget(budget => budget.Limit("tokens", limit => (limit.Scope, limit.Tokens) = (BudgetScope.Tenant, 30))));

        var outcomes = new[] { await rig.AskAsync(streamed), await rig.AskAsync(streamed) };

        Assert.That(outcomes.Select(outcome => outcome.Error?.GetType()), Is.EqualTo(new[] { null, typeof(BudgetExceededException) }));
    }

    [Test]
    public async Task Ask_WithNoLengthAskedFor_IsFittedToTheTokensLeft()
    {
        using var rig = Rig(limit => limit.Tokens = 1_000);

        var outcome = await rig.AskAsync(streamed, BudgetRig.Call() is var options && (options.MaxOutputTokens = null) is null ? options : null);

        Assert.That(rig.Model.Requests.Single().Options!.MaxOutputTokens, Is.EqualTo(995));
        Assert.That(outcome.Error, Is.Null);
    }

    [Test]
    public async Task Ask_OnMoneyAndTokens_IsHeldToBoth([Values] bool moneyIsScarce)
    {
        using var rig = Rig(limit => (limit.Amount, limit.Tokens) = moneyIsScarce ? (30, 1_000) : (1_000, 30));
        await rig.AskAsync(streamed);

        Assert.That((await rig.AskAsync(streamed)).Error, Is.TypeOf<BudgetExceededException>());
    }

    [Test]
    public async Task Ask_OfATenantWithTokensOfItsOwn_IsHeldToThose()
    {
        using var rig = Rig(limit =>
        {
            limit.Tokens = 10;
            limit.TokenOverrides["acme"] = 100;
        });

        Assert.That((await rig.AskAsync(streamed)).Error, Is.Null);
        Assert.That((await rig.AskAsync(streamed, BudgetRig.Call(tenant: "other"))).Error, Is.TypeOf<BudgetExceededException>());
    }

    [Test]
    public async Task Ask_ForOneValueOnly_LeavesOthersAlone()
    {
        using var rig = Rig(limit => (limit.Tokens, limit.Only) = (10, "acme"));

        Assert.That((await rig.AskAsync(streamed)).Error, Is.TypeOf<BudgetExceededException>());
        Assert.That((await rig.AskAsync(streamed, BudgetRig.Call(tenant: "other"))).Error, Is.Null);
        Assert.That((await rig.AskAsync(streamed, BudgetRig.Call(tenant: null))).Error, Is.Null);
    }

    private static TokenRig Rig(Action<BudgetLimit> configure) => new(configure);

    private sealed class TokenRig : IDisposable
    {
        private readonly BudgetRig _rig;

        public TokenRig(Action<BudgetLimit> configure) => _rig = BudgetRig.For(Model, budget => budget.Limit("limit", limit =>
        {
            limit.Scope = BudgetScope.Tenant;
            configure(limit);
        }));

        public ScriptedChatClient Model { get; } = new(Answer);

        public Task<Outcome> AskAsync(bool streamed, LlmCallOptions? options = null) => _rig.AskAsync(streamed, options);

        public void Dispose() => _rig.Dispose();
    }
}
