using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using LlmKit.Calls;
using LlmKit.Control.Caching;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching;

public class CachingTelemetryTests
{
    private const string Question = "How do I reset my password?";
    private const string Paraphrase = "How can I reset the password?";

    [Test]
    public async Task GetResponse_RegisteredEmbeddingModel_IsMeteredInTheCall()
    {
        var model = new ScriptedChatClient(ScriptedAnswer.Text("hi"));
        var services = new ServiceCollection();
        services.AddLlmPipeline().AddModel("small", model)
            .AddEmbeddings("embed", ScriptedEmbedder.Blurred(), facts => facts.Price = new(1, 0))
            .UseSemanticCache(options => options.MinSimilarity = 0.9);
        var client = services.BuildServiceProvider().GetRequiredService<IChatClient>();
        await client.GetResponseAsync(Question);

        var call = (await client.GetResponseAsync(Paraphrase)).GetCall();

        Assert.That(call.Attempts.Single(), Has.Property("Purpose").EqualTo("embedding").And.Property("Cost").EqualTo(0.000005m));
        Assert.That(model.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task GetResponse_EmbedderGivenInCode_IsMeteredInTheCall([Values] bool streamed)
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("small", ScriptedAnswer.Text("hi"))
            .UseSemanticCache(options => (options.Embedder, options.MinSimilarity) = (new NamedEmbedder("text-embedding-3-small"), 0.9))
            .UseRouter());

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Call!.Attempts.Select(attempt => attempt.Purpose), Is.EqualTo(new[] { "embedding", null }));
        Assert.That(outcome.Call.Attempts[0].Cost, Is.EqualTo(0.0000001m));
    }

    [Test]
    public async Task GetResponse_EmbedderGivenInCodeUnderABudget_IsPaidFor([Values] bool streamed)
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("small", ScriptedAnswer.Text("hi"))
            .UseBudget(budget => budget.Global("all", 1_000, BudgetWindow.Lifetime))
            .UseSemanticCache(options => (options.Embedder, options.MinSimilarity) = (new NamedEmbedder("text-embedding-3-small"), 0.9)));

        await rig.AskAsync(streamed);

        Assert.That(rig.Spent("all"), Is.EqualTo(11.0000001m));
    }

    [Test]
    public async Task GetResponse_EmbedderWithoutAPriceUnderABudget_IsNotAsked([Values] bool streamed)
    {
        var embedder = new NamedEmbedder("ours");
        using var rig = new BudgetRig(builder => builder.AddPriced("small", ScriptedAnswer.Text("hi"))
            .UseBudget(budget => budget.Global("all", 1_000, BudgetWindow.Lifetime))
            .UseSemanticCache(options => (options.Embedder, options.MinSimilarity) = (embedder, 0.9)));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Is.EqualTo("hi"));
        Assert.That(embedder.Asked, Is.Zero);
        Assert.That(CacheBench.Step(outcome.Call!).Reason, Does.Contain("refused (Budget)"));
    }

    [Test]
    public async Task GetResponse_HitAndMiss_AreCountedByTierAndOutcome()
    {
        var seen = new ConcurrentBag<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "llmkit.cache.lookups")
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => seen.Add(string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))));
        listener.Start();
        var bench = new CacheBench(composed: false, options => (options.Embedder, options.MinSimilarity) = (ScriptedEmbedder.Blurred(), 0.9));

        await bench.AskAsync(Question);
        await bench.AskAsync(Question);
        await bench.AskAsync(Paraphrase);
        await bench.AskAsync(Question, options: new() { Cache = LlmCacheDirectives.Bypass });

        Assert.That(seen, Is.SupersetOf(new[] { "tier=semantic outcome=miss", "tier=exact outcome=hit", "tier=semantic outcome=hit", "tier=none outcome=bypass" }));
    }

    [Test]
    public async Task Check_OfAHit_GivesTheRateOfWrongHitsWithItsInterval()
    {
        var seen = new ConcurrentQueue<(string Bound, double Rate)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "llmkit.cache.wrong_hit_rate")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, rate, tags, _) =>
        {
            if (tags.ToArray().Contains(new("pipeline", "checked")))
                seen.Enqueue(((string)tags.ToArray().Single(tag => tag.Key == "bound").Value!, rate));
        });
        listener.Start();
        var services = new ServiceCollection();
        services.AddLlmPipeline("checked").AddModel("small", new ScriptedChatClient((number, _) => ScriptedAnswer.Text($"answer {number}"))).UseSemanticCache(cache =>
            (cache.Embedder, cache.MinSimilarity, cache.ShadowShare, cache.AnswerCheck) = (ScriptedEmbedder.Blurred(), 0.9, 1, AnswerChecks.SameText));
        var client = services.BuildServiceProvider().GetRequiredKeyedService<IChatClient>("checked");
        await client.GetResponseAsync(Question);

        await (await client.GetResponseAsync(Paraphrase)).GetCall().WhenSettled;
        await ManualTimeExtensions.UntilAsync(() => seen.Count == 3);

        var rates = seen.ToDictionary(rate => rate.Bound, rate => rate.Rate);
        Assert.That((rates["value"], rates["upper"]), Is.EqualTo((1d, 1d)));
        Assert.That(rates["lower"], Is.EqualTo(0.025).Within(1e-6));
    }

    [TestCase(false, null, "no embedding model")]
    [TestCase(true, null, "no threshold")]
    [TestCase(true, 0.9, null)]
    public void New_TierThatServesNothing_IsSaidOnce(bool embeds, double? threshold, string? said)
    {
        var logger = new ListLogger();

        using var cache = new SemanticCacheChatClient(
            new ScriptedChatClient(ScriptedAnswer.Text("hi")), new() { Embedder = embeds ? ScriptedEmbedder.Blurred() : null, MinSimilarity = threshold }, logger);

        Assert.That(logger.Lines, said is null ? Is.Empty : Has.Exactly(1).Items.And.All.Contains(said));
    }

    [Test]
    public async Task GetResponse_EverythingFails_LogsNoText()
    {
        var logger = new ListLogger();
        using var cache = new SemanticCacheChatClient(
            new ScriptedChatClient(ScriptedAnswer.Text("the answer")), new() { Embedder = new ScriptedEmbedder(text => throw new InvalidOperationException(text)), MinSimilarity = 0.9 }, logger);

        var call = (await cache.GetResponseAsync("the prompt")).GetCall();

        Assert.That(logger.Lines, Is.Not.Empty);
        Assert.That(logger.Lines.Concat(call.Steps.Select(step => step.ToString())), Has.None.Contains("the prompt").And.None.Contains("the answer"));
    }

    /// <summary>An embedder of five tokens a text that says which model it is.</summary>
    private sealed class NamedEmbedder(string id) : DelegatingEmbeddingGenerator<string, Embedding<float>>(ScriptedEmbedder.Blurred())
    {
        public int Asked => ((ScriptedEmbedder)InnerGenerator).Asked;

        public override object? GetService(Type serviceType, object? serviceKey = null) =>
            serviceType == typeof(EmbeddingGeneratorMetadata) ? new EmbeddingGeneratorMetadata("openai", null, id) : base.GetService(serviceType, serviceKey);
    }

    /// <summary>Keeps the lines it is given.</summary>
    private sealed class ListLogger : ILogger<SemanticCacheChatClient>
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception) + exception);
    }
}
