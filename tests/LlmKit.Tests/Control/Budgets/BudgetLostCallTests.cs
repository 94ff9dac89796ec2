using System.Diagnostics.Metrics;
using LlmKit.Control.Budgets;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Budgets;

/// <summary>Middlewares that lose the call on its way, under budgets that enforce, observe or skip.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class BudgetLostCallTests(bool streamed)
{
    private readonly ScriptedChatClient _model = new(ScriptedAnswer.Text("ok"));
    private readonly RememberingLogs _logs = new();
    private readonly IConfigurationRoot _configuration = new ConfigurationBuilder().AddInMemoryCollection([]).Build();

    [Test]
    public async Task Ask_NewOptionsUnderABudget_AreRefusedAndNothingIsHeld([Values] bool withMaxCost, [Values] bool staged)
    {
        using var rig = Rig(budget => budget.Global("all", 1000, BudgetWindow.Lifetime), withMaxCost, staged);

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Error, Is.TypeOf<AttemptRefusedException>().With.Message.Contains("'model'").And.Message.Contains("options.Clone()"));
        Assert.That(_model.Requests, Is.Empty);
        Assert.That((rig.Memory.OpenReservations, rig.Spent("all")), Is.EqualTo((0, 0m)));
    }

    [Test]
    public async Task Ask_NewOptionsUnderABudgetThatObserves_AreAnsweredAndRecorded([Values] bool withMaxCost, [Values] bool staged)
    {
        using var lost = new LostAttempts();
        using var rig = Rig(budget => budget.Global("all", 10, BudgetWindow.Lifetime).Observe = true, withMaxCost: withMaxCost && staged, staged);

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Is.EqualTo("ok"));
        Assert.That(_logs.Messages, Has.Some.StartsWith("Warning: An attempt on the model 'model' came without its call"));
        Assert.That(lost.Observed, Is.True);
    }

    [Test]
    public async Task Ask_NewOptionsUnderABudgetThatObservesNoMore_AreRefused()
    {
        using var rig = Rig(budget => budget.Global("all", 1000, BudgetWindow.Lifetime).Observe = true, withMaxCost: false, staged: true);
        await rig.AskAsync(streamed);

        _configuration["LlmKit:Default:Budget:Observe"] = "false";
        _configuration.Reload();

        Assert.That((await rig.AskAsync(streamed)).Error, Is.TypeOf<AttemptRefusedException>());
        Assert.That(_model.Requests, Has.Count.EqualTo(1));
    }

    [TestCase(MissingIdentity.Skip)]
    [TestCase(MissingIdentity.Share)]
    public async Task Ask_CallThatNoLimitConcerns_IsNotTakenForALostOne(MissingIdentity missing)
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("model", _model)
            .UseBudget(budget => budget.PerTenant("t", 100, BudgetWindow.Lifetime).PerUser("u", 100, BudgetWindow.Lifetime).MissingIdentity = missing).UseRouter().UseResilience());

        var outcome = await rig.AskAsync(streamed, new ChatOptions { MaxOutputTokens = 20 });

        Assert.That(outcome.Text, Is.EqualTo("ok"));
        Assert.That(rig.Memory.OpenReservations, Is.Zero);
    }

    [Test]
    public async Task Ask_NewOptionsOutsideACacheWithAnEmbedder_EmbedAndAskNothing()
    {
        var embedder = new CountingEmbeddings();
        using var rig = new BudgetRig(builder => builder.AddPriced("model", _model)
            .AddEmbeddings("vectors", embedder, options => options.Price = BudgetRig.DollarPerToken)
            .UseBudget(budget => budget.Global("all", 1000, BudgetWindow.Lifetime))
            .Use(inner => new OptionsReplacingChatClient(inner, () => new LlmCallOptions { MaxCost = 1000 }))
            .UseSemanticCache());

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Error, Is.TypeOf<AttemptRefusedException>());
        Assert.That((embedder.Asked, _model.Requests.Count, rig.Spent("all")), Is.EqualTo((0, 0, 0m)));
    }

    [Test]
    public async Task Ask_NewOptionsUnderABudgetThatStandsAlone_AreRefused([Values] bool withMaxCost)
    {
        using var guard = new BudgetGuardChatClient(
            new OptionsReplacingChatClient(LlmStages.Resilience()(Routers.Metered("model", _model), null!), () => withMaxCost ? new LlmCallOptions { MaxCost = 1000 } : new()),
            new BudgetOptions().Global("all", 1000, BudgetWindow.Lifetime));

        var outcome = await Outcome.OfAsync(guard, streamed, BudgetRig.Call());

        Assert.That(outcome.Error, Is.TypeOf<AttemptRefusedException>().With.Message.Contains("options.Clone()"));
        Assert.That(_model.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_NewOptionsUnderABudgetThatStandsAloneAndObserves_AreAnswered()
    {
        using var guard = new BudgetGuardChatClient(
            new OptionsDroppingChatClient(Routers.Metered("model", _model)), Observing(new BudgetOptions().Global("all", 1, BudgetWindow.Lifetime)));

        Assert.That((await Outcome.OfAsync(guard, streamed, BudgetRig.Call())).Text, Is.EqualTo("ok"));
    }

    [Test]
    public async Task Ask_NewOptionsInsideAPipelineThatAnotherOnesBudgetCovers_AreRefused()
    {
        using var rig = Nested();

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Error, Is.TypeOf<AttemptRefusedException>().With.Message.Contains("options.Clone()"));
        Assert.That(_model.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_PipelineUnderAnotherOnesBudgetDirectly_IsAnswered()
    {
        using var rig = Nested(drops: false);
        _ = rig.Chat;

        var outcome = await Outcome.OfAsync(rig.Services.GetRequiredKeyedService<IChatClient>("inner"), streamed);

        Assert.That(outcome.Text, Is.EqualTo("ok"));
    }

    [Test]
    public async Task Ask_NewOptionsOnTheWayToAPipelineThatIsAModel_AreRefused([Values] bool staged)
    {
        using var rig = new BudgetRig(
            builder =>
            {
                builder.AddModel("nested", services => services.GetRequiredKeyedService<IChatClient>("inner")).UseBudget(budget => budget.Global("all", 1000, BudgetWindow.Lifetime))
                    .Use(inner => new OptionsDroppingChatClient(inner));
                if (staged)
                    builder.UseRouter().UseResilience();
            },
            more: services => services.AddLlmPipeline("inner").AddPriced("innermost", _model));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Error, Is.TypeOf<AttemptRefusedException>().With.Message.Contains("options.Clone()"));
        Assert.That(_model.Requests, Is.Empty);
    }

    private static BudgetOptions Observing(BudgetOptions budget)
    {
        budget.Observe = true;
        return budget;
    }

    private BudgetRig Nested(bool drops = true) => new(
        builder => builder.AddModel("nested", services => services.GetRequiredKeyedService<IChatClient>("inner")).UseBudget(budget => budget.Global("all", 1000, BudgetWindow.Lifetime)),
        more: services =>
        {
            var inner = services.AddLlmPipeline("inner").AddPriced("innermost", _model);
            if (drops)
                inner.Use(client => new OptionsDroppingChatClient(client));
            inner.UseRouter().UseResilience();
        });

    private BudgetRig Rig(Action<BudgetOptions> budget, bool withMaxCost, bool staged) => new(
        builder =>
        {
            builder.AddPriced("model", _model).UseBudget(budget).Use(inner => new OptionsReplacingChatClient(inner, () => withMaxCost ? new LlmCallOptions { MaxCost = 1000 } : new()));
            if (staged)
                builder.UseRouter().UseResilience();
        },
        configuration: _configuration,
        more: services => services.AddSingleton<ILoggerFactory>(_logs));

    /// <summary>Counts what it is asked for.</summary>
    private sealed class CountingEmbeddings : IEmbeddingGenerator<string, Embedding<float>>
    {
        public int Asked { get; private set; }

        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
        {
            Asked++;
            return Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(_ => new Embedding<float>(new float[] { 1 }))));
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }

    /// <summary>Listens to the counter of lost attempts. Others count at the same time, so it tells whether, not how many.</summary>
    private sealed class LostAttempts : IDisposable
    {
        private readonly MeterListener _listener = new();

        public LostAttempts()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "llmkit.attempts.lost")
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
            {
                foreach (var tag in tags)
                    Observed |= tag.Key == LlmKitDiagnostics.ObservedTag && tag.Value is true;
            });
            _listener.Start();
        }

        public bool Observed { get; private set; }

        public void Dispose() => _listener.Dispose();
    }
}
