using LlmKit.Calls;
using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Variability;

/// <summary>What a model is sent of the temperature and the seed that a reproducible feature asks for, and what the call says of it.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class ReproducibleSamplingTests(bool streamed)
{
    [TestCase("small-2025-08-07", 0f, 7L, "sent", "temperature 0, seed 7 sent")]
    [TestCase("gpt-4o-2024-08-06", 0f, 7L, "sent", "temperature 0, seed 7 sent")]
    [TestCase("claude-sonnet-4-5-20250929", 0f, null, "dropped", "temperature 0 sent; seed not taken by 'model'")]
    [TestCase("anthropic/claude-opus-5-20260801", null, null, "dropped", "temperature, seed not taken by 'model'")]
    [TestCase("o3-2025-04-16", null, null, "dropped", "temperature, seed not taken by 'model'")]
    [TestCase("gpt-5-mini-2025-08-07", null, null, "dropped", "temperature, seed not taken by 'model'")]
    public async Task Ask_OfAModel_SendsWhatItTakesAndSaysSo(string modelId, float? temperature, long? seed, string decision, string reason)
    {
        using var rig = new Rig(modelId);

        var (_, call) = await rig.Host.Chat.AskAsync(streamed, new LlmCallOptions { Feature = "extract", Temperature = 0.9f });

        Assert.That(rig.Sent, Is.EqualTo((temperature, seed)));
        Assert.That(call.Steps.Where(step => step.Stage == "variability").Select(step => step.Decision), Is.EqualTo(new[] { "pinned", decision }));
        Assert.That(call.Steps.Single(step => step.Decision == decision).Reason, Is.EqualTo(reason));
    }

    [Test]
    public async Task Ask_OfAModelThatIsSaidToTakeOtherwise_GoesByThat([Values] bool byConfiguration)
    {
        using var rig = new Rig(
            "o3-2025-04-16",
            facts: options => options.SamplingParameters = byConfiguration ? SamplingParameters.None : SamplingParameters.Temperature,
            settings: byConfiguration ? [("Models:model:SamplingParameters", "temperature")] : []);

        await rig.Host.Chat.AskAsync(streamed, new LlmCallOptions { Feature = "extract" });

        Assert.That(rig.Sent, Is.EqualTo((0f, (long?)null)));
    }

    [Test]
    public async Task Ask_OfADeploymentWithACatalogueId_GoesByThat()
    {
        using var rig = new Rig("ours-2025-08-07", facts: options => options.CatalogueId = "o3");

        await rig.Host.Chat.AskAsync(streamed, new LlmCallOptions { Feature = "extract" });

        Assert.That(rig.Sent, Is.EqualTo(((float?)null, (long?)null)));
    }

    [Test]
    public async Task Ask_WhereSomebodyTookItOffOnTheWay_SaysNothingOfIt()
    {
        using var rig = new Rig("gpt-4o-2024-08-06", more: builder => builder.Use(inner => new InspectingChatClient(inner, options => (options!.Temperature, options.Seed) = (null, null))));

        var (_, call) = await rig.Host.Chat.AskAsync(streamed, new LlmCallOptions { Feature = "extract" });

        Assert.That(rig.Sent, Is.EqualTo(((float?)null, (long?)null)));
        Assert.That(call.Steps.Where(step => step.Stage == "variability").Select(step => step.Decision), Is.EqualTo(new[] { "pinned" }));
    }

    [Test]
    public async Task Ask_ARepair_SendsWhatTheModelTakes()
    {
        var model = new ScriptedChatClient((number, _) => ScriptedAnswer.Text(number == 0 ? "no object" : """{"city":"Paris"}"""), modelId: "o3-2025-04-16");
        using var host = new PipelineHost(
            outer => outer
                .AddModel("nested", services => services.GetRequiredKeyedService<IChatClient>("inner"))
                .UseSemanticCache()
                .UseVariability(options => options.Reproducible("extract", declared => declared.AllowAlias = true)),
            services => services.AddLlmPipeline("inner").AddModel("innermost", model).UseGuardrails(rules => rules.RequireFormat()));

        var (response, _) = await host.Chat.AskAsync(streamed, new LlmCallOptions { Feature = "extract", ResponseFormat = ChatResponseFormat.Json });

        Assert.That(response.Text, Is.EqualTo("""{"city":"Paris"}"""));
        Assert.That(model.Requests.Select(request => request.Options!.Temperature), Is.EqualTo(new float?[] { null, null }));
    }

    [Test]
    public async Task Ask_SamplesOfAPipelineInside_WithOptionsOfSomebodysOwn_SendWhatTheModelTakes()
    {
        var model = new ScriptedChatClient((_, _) => ScriptedAnswer.Text("Paris"), modelId: "o3-2025-04-16");
        using var host = new PipelineHost(
            outer => outer
                .AddModel("nested", services => services.GetRequiredKeyedService<IChatClient>("inner"))
                .UseSemanticCache()
                .UseVariability(options => options.Reproducible("extract", declared => declared.AllowAlias = true)),
            services => services.AddLlmPipeline("inner").AddModel("innermost", model).UseVariability(options => options.Consistent("extract")));
        using var scope = LlmScope.Begin(feature: "extract");

        await host.Chat.AskAsync(streamed, new SomebodysOptions());

        Assert.That(model.Requests.Select(request => request.Options!.Temperature), Is.Not.Empty.And.All.Null);
    }

    [Test]
    public async Task Ask_WithATemperatureOfTheCallers_SendsItWhateverTheModelTakes()
    {
        using var rig = new Rig("o3-2025-04-16", declared => declared.Temperature = null);

        var (_, call) = await rig.Host.Chat.AskAsync(streamed, new LlmCallOptions { Feature = "extract", Temperature = 0.9f, Seed = 3 });

        Assert.That(rig.Sent, Is.EqualTo((0.9f, (long?)null)), "the seed is the stage's");
        Assert.That(call.Steps.Single(step => step.Decision == "dropped").Reason, Is.EqualTo("seed not taken by 'model'"));
    }

    [Test]
    public async Task Ask_OfAFreeFeature_SendsWhatTheCallerSetAndSaysNothing()
    {
        using var rig = new Rig("o3-2025-04-16");

        var (_, call) = await rig.Host.Chat.AskAsync(streamed, new LlmCallOptions { Feature = "chat", Temperature = 0.9f, Seed = 3 });

        Assert.That(rig.Sent, Is.EqualTo((0.9f, 3L)));
        Assert.That(call.Steps.Where(step => step.Stage == "variability"), Is.Empty);
    }

    [Test]
    public async Task Ask_WithOptionsOfSomebodysOwn_SendsWhatTheModelTakesAndNothingOfOurs()
    {
        using var rig = new Rig("claude-sonnet-4-5-20250929");
        using var scope = LlmScope.Begin(feature: "extract");

        await rig.Host.Chat.AskAsync(streamed, new SomebodysOptions { AdditionalProperties = new() { ["theirs"] = 1 } });

        Assert.That(rig.Sent, Is.EqualTo((0f, (long?)null)));
        Assert.That(rig.Model.Requests.Single().Options!.AdditionalProperties!.Keys, Is.EqualTo(new[] { "theirs" }));
    }

    [Test]
    public async Task Ask_OfAPipelineAsItsModel_SendsWhatTheModelInsideTakes()
    {
        var model = new ScriptedChatClient((_, _) => ScriptedAnswer.Text("Paris"), modelId: "o3-2025-04-16");
        using var host = new PipelineHost(
            outer => outer
                .AddModel("nested", services => services.GetRequiredKeyedService<IChatClient>("inner"))
                .UseSemanticCache()
                .UseVariability(options => options.Reproducible("extract", declared => declared.AllowAlias = true)),
            services => services.AddLlmPipeline("inner").AddModel("innermost", model));

        var (_, call) = await host.Chat.AskAsync(streamed, new LlmCallOptions { Feature = "extract" });

        Assert.That((model.Requests.Single().Options!.Temperature, model.Requests.Single().Options!.Seed), Is.EqualTo(((float?)null, (long?)null)));
        Assert.That(call.Steps.Single(step => step.Decision == "dropped").Reason, Is.EqualTo("temperature, seed not taken by 'innermost'"));
    }

    [Test]
    public async Task Ask_OfAStageThatStandsAlone_SendsWhatTheModelTakes()
    {
        var model = new ScriptedChatClient((_, _) => ScriptedAnswer.Text("Paris"), modelId: "o3-2025-04-16");
        using var services = new ServiceCollection().BuildServiceProvider();
        using var chat = LlmStages.Variability(options => options.Reproducible("extract"))(LlmStages.Model("model")(model, services), services);

        await chat.AskAsync(streamed, new LlmCallOptions { Feature = "extract" });

        Assert.That((model.Requests.Single().Options!.Temperature, model.Requests.Single().Options!.Seed), Is.EqualTo(((float?)null, (long?)null)));
    }

    [Test]
    public async Task Ask_TheSameAgain_IsAnsweredFromTheCacheWhateverTheModelTakes()
    {
        using var rig = new Rig("o3-2025-04-16");
        var options = new LlmCallOptions { Feature = "extract", User = "u1", Tenant = "acme" };

        await rig.Host.Chat.AskAsync(streamed, options);
        var (_, call) = await rig.Host.Chat.AskAsync(streamed, options);

        Assert.That((call.Attempts.Count, rig.Model.Requests.Count), Is.EqualTo((0, 1)));
    }

    private sealed class SomebodysOptions : ChatOptions
    {
        public SomebodysOptions()
        {
        }

        private SomebodysOptions(SomebodysOptions other) : base(other)
        {
        }

        public override ChatOptions Clone() => new SomebodysOptions(this);
    }

    private sealed class Rig : IDisposable
    {
        public Rig(string modelId, Action<ReproducibleFeature>? configure = null, Action<ModelOptions>? facts = null, Action<LlmPipelineBuilder>? more = null, params (string Key, string Value)[] settings)
        {
            Model = new((_, _) => ScriptedAnswer.Text("Paris"), modelId: modelId);
            Host = new(
                builder =>
                {
                    builder.AddModel("model", Model, facts).UseSemanticCache().UseVariability(options => options.Reproducible("extract", declared =>
                    {
                        declared.Seed = 7;
                        configure?.Invoke(declared);
                    }));
                    more?.Invoke(builder);
                },
                configuration: settings.Length == 0 ? null : ChangingConfiguration.Of(settings));
        }

        public ScriptedChatClient Model { get; }

        public PipelineHost Host { get; }

        public (float? Temperature, long? Seed) Sent => Model.Requests.Single().Options is { } sent ? (sent.Temperature, sent.Seed) : default;

        public void Dispose() => Host.Dispose();
    }
}
