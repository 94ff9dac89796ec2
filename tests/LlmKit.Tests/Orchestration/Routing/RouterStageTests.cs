using LlmKit.Control.Budgets;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Tests.Orchestration.Routing;

/// <summary>The router as a decorator factory, as builders other than LlmKit's take it.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class RouterStageTests(bool streamed)
{
    private readonly ScriptedChatClient _small = new(ScriptedAnswer.Text("from small"));
    private readonly ScriptedChatClient _strong = new(ScriptedAnswer.Text("from strong"));
    private readonly ScriptedChatClient _down = new(ScriptedAnswer.Throws(Failures.Http(503)));

    [Test]
    public async Task Router_ByDefault_AsksTheInnerClientFirst()
    {
        using var router = Router(_small);

        var outcome = await Outcome.OfAsync(router, streamed);

        Assert.That((outcome.Text, _strong.Requests.Count), Is.EqualTo(("from small", 0)));
        Assert.That(outcome.Call!.Pipeline, Is.EqualTo("router"));
    }

    [Test]
    public async Task Router_InnerClientThatFails_IsAnsweredByAKeyedOne()
    {
        using var router = Router(_down);

        Assert.That((await Outcome.OfAsync(router, streamed)).Text, Is.EqualTo("from strong"));
    }

    [Test]
    public async Task Router_WithAPolicy_FollowsIt()
    {
        using var router = Router(_small, options => options.Priority("strong", "small").ForFeature("triage", "small"));

        Assert.That((await Outcome.OfAsync(router, streamed)).Text, Is.EqualTo("from strong"));
        Assert.That((await Outcome.OfAsync(router, streamed, new LlmCallOptions { Feature = "triage" })).Text, Is.EqualTo("from small"));
    }

    [Test]
    public async Task Router_StagesAroundAndInside_ShareOneCallAndItsMoney()
    {
        using var guard = new BudgetGuardChatClient(
            LlmStages.Router("small", [new("strong", _ => Routers.Metered("strong", _strong))])(LlmStages.Resilience(options => options.MaxRetries = 0)(Routers.Metered("small", _down), null!), null!),
            new BudgetOptions().Global("all", 100, BudgetWindow.Lifetime));

        var outcome = await Outcome.OfAsync(guard, streamed, BudgetRig.Call());

        Assert.That(outcome.Text, Is.EqualTo("from strong"));
        Assert.That(outcome.Call!.Attempts.Select(attempt => attempt.Model), Is.EqualTo(["small", "strong"]));
        Assert.That(outcome.Call.Cost, Is.EqualTo(11m));
    }

    [Test]
    public async Task Router_RequestThatADecoratorLengthensOnItsWay_IsPaidForAsItIsSent()
    {
        // The router has read the request by then; the model's door must not believe it.
        using var uncounted = new ScriptedChatClient(ScriptedAnswer.Text("Paris") with { Usage = null });
        using var lengthening = new InspectingChatClient(Routers.Metered("small", uncounted), options => options!.Instructions = string.Concat(Enumerable.Repeat("word ", 4_000)));
        using var router = LlmStages.Router("small", [])(lengthening, null!);

        var outcome = await Outcome.OfAsync(router, streamed, BudgetRig.Call());

        Assert.That(outcome.Call!.Attempts[0].Usage.Input, Is.InRange(4_000, 5_200));
    }

    [Test]
    public async Task Router_OverAPipeline_JoinsItAndPassesItsGates([Values] bool forced)
    {
        using var host = PipelineHost.For(_strong);
        using var router = LlmStages.Router("small", [new("strong", services => services.GetRequiredService<IChatClient>())])(_down, host.Services);

        var outcome = await Outcome.OfAsync(router, streamed, forced ? new LlmCallOptions { Model = "strong" } : null);

        Assert.That(outcome.Text, Is.EqualTo("from strong"));
        Assert.That(outcome.Call!.Pipeline, Is.EqualTo("router"));
        Assert.That(outcome.Call.Attempts.Select(attempt => (attempt.Model, attempt.Cost)).Last(), Is.EqualTo(("model", 12m)));
    }

    [Test]
    public async Task Router_OverAPipelineUnderABudget_HoldsItToTheBudgetAndFindsALostCall([Values] bool drops)
    {
        using var host = PipelineHost.For(_strong, builder =>
        {
            if (drops)
                builder.Use(inner => new OptionsDroppingChatClient(inner));
            builder.UseResilience();
        });
        using var guard = LlmStages.Budget(budget => budget.Global("all", drops ? 1000 : 1, BudgetWindow.Lifetime))(
            LlmStages.Router("small", [new("strong", services => services.GetRequiredService<IChatClient>())])(Routers.Metered("small", _down), host.Services), host.Services);

        var outcome = await Outcome.OfAsync(guard, streamed, new LlmCallOptions { Model = "strong", MaxOutputTokens = 20 });

        Assert.That(outcome.Error, drops ? Is.TypeOf<AttemptRefusedException>().With.Message.Contains("options.Clone()") : Is.TypeOf<BudgetExceededException>());
        Assert.That(_strong.Requests, Is.Empty);
    }

    [Test]
    public void Dispose_OfTheRouter_DisposesOfTheInnerClientOnly()
    {
        Router(_small).Dispose();

        Assert.That((_small.Disposals, _strong.Disposals), Is.EqualTo((1, 0)));
    }

    [Test]
    public void GetService_ByName_FindsEachModel()
    {
        using var router = Router(_small);

        Assert.That(router.GetService(typeof(ScriptedChatClient), "strong"), Is.SameAs(_strong));
        Assert.That(router.GetService(typeof(ScriptedChatClient)), Is.SameAs(_small));
    }

    [Test]
    public void Router_WrongModelsOrPolicy_SaysAllThatIsWrong()
    {
        Assert.That(() => LlmStages.Router("small", [new("small", _ => _strong)])(_small, null!), Throws.TypeOf<LlmConfigurationException>().With.Message.Contains("'small'"));
        Assert.That(() => LlmStages.Router("small", [new("strong", _ => null!)])(_small, null!), Throws.TypeOf<LlmConfigurationException>().With.Message.Contains("'strong'"));
        Assert.That(() => LlmStages.Router("small", [new("strong", null!)]), Throws.ArgumentException.With.Message.Contains("'strong'"));
        Assert.That(() => Router(_small, options => options.Priority("nobody")), Throws.TypeOf<LlmConfigurationException>().With.Message.Contains("'nobody'"));
        Assert.That(() => LlmStages.Router(" ", []), Throws.ArgumentException);
        Assert.That(() => LlmStages.Router("small", null!), Throws.ArgumentNullException);
        Assert.That(() => LlmStages.Router("small", [])(null!, null!), Throws.ArgumentNullException);
    }

    private IChatClient Router(IChatClient inner, Action<RouterOptions>? configure = null)
    {
        var services = new ServiceCollection().AddKeyedSingleton<IChatClient>("strong", _strong).BuildServiceProvider();
        return LlmStages.Router("small", [new("strong", provider => provider.GetRequiredKeyedService<IChatClient>("strong"))], configure)(inner, services);
    }
}
