using LlmKit.Control.Caching;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching;

public class SemanticCacheOptionsTests
{
    private static readonly ScriptedChatClient Model = new(ScriptedAnswer.Text("hi"));

    [Test]
    public void New_EverythingWrong_ListsAllOfIt()
    {
        var options = new SemanticCacheOptions
        {
            MinSimilarity = 1.7,
            SharedBy = (CacheSharing)9,
            Guards = (CacheGuards)9,
            EmbeddingTimeout = TimeSpan.Zero,
            TimeToLive = TimeSpan.Zero,
            MaxEntries = 0,
            MaxBytes = 0,
            MaxTemperature = double.NaN,
            EmbeddingModel = " ",
            Embedder = ScriptedEmbedder.Blurred(),
        };

        Assert.That(() => new SemanticCacheChatClient(Model, options), Throws.TypeOf<LlmConfigurationException>()
            .With.Property("Failures").Count.EqualTo(10).And.Message.Contains("The threshold '1.7' is outside 0 to 1."));
    }

    [TestCase(double.NaN)]
    [TestCase(-0.1)]
    public void New_ThresholdThatIsNone_IsRefused(double threshold) =>
        Assert.That(() => new SemanticCacheChatClient(Model, new() { MinSimilarity = threshold }), Throws.TypeOf<LlmConfigurationException>());

    [Test]
    public async Task UseSemanticCache_Configured_LetsTheConfigurationWin()
    {
        var client = Build(pipeline => pipeline.UseSemanticCache(options => options.TimeToLive = TimeSpan.FromHours(2)), new()
        {
            ["LlmKit:Default:SemanticCache:Observe"] = "true",
            ["LlmKit:Default:SemanticCache:SharedBy"] = "Tenant",
            ["LlmKit:Default:SemanticCache:MinSimilarity"] = "0.97",
            ["LlmKit:Default:SemanticCache:EmbeddingTimeout"] = "00:00:05",
        });

        await client.GetResponseAsync("hello");
        var call = (await client.GetResponseAsync("hello")).GetCall();

        Assert.That(call.Steps[0].Observed, Is.True);
        Assert.That((CachePolicy)call.Setup.Slots[0], Has.Property("SharedBy").EqualTo(CacheSharing.Tenant)
            .And.Property("MinSimilarity").EqualTo(0.97).And.Property("EmbeddingTimeout").EqualTo(TimeSpan.FromSeconds(5)).And.Property("TimeToLive").EqualTo(TimeSpan.FromHours(2)));
    }

    [TestCase("MinSimilarity", "2")]
    [TestCase("MinSimilarity", "much")]
    [TestCase("MaxEntries", "0")]
    public void UseSemanticCache_WrongConfiguration_IsRefusedAtBuild(string name, string value) => Assert.That(
        () => Build(pipeline => pipeline.UseSemanticCache(), new() { [$"LlmKit:Default:SemanticCache:{name}"] = value }),
        Throws.TypeOf<LlmConfigurationException>());

    [Test]
    public void UseSemanticCache_UnknownEmbeddingModel_IsRefusedAtBuild() => Assert.That(
        () => Build(pipeline => pipeline.UseSemanticCache(options => options.EmbeddingModel = "nowhere"), []),
        Throws.TypeOf<LlmConfigurationException>().With.Message.Contains("'nowhere'"));

    [Test]
    public async Task Reload_UnknownEmbeddingModel_IsRefusedAsAWhole()
    {
        var configuration = ChangingConfiguration.Of(("SemanticCache:EmbeddingModel", "vectors"), ("SemanticCache:TimeToLive", "01:00:00"));
        using var host = new PipelineHost(
            builder => builder.AddModel("small", Model).AddEmbeddings("vectors", ScriptedEmbedder.Blurred()).UseSemanticCache(options => options.MinSimilarity = 0.9),
            configuration: configuration);
        _ = host.Chat;
        configuration["LlmKit:Default:SemanticCache:TimeToLive"] = "02:00:00";

        configuration.Change("SemanticCache:EmbeddingModel", "nowhere");
        var call = (await host.Chat.GetResponseAsync("hi")).GetCall();

        Assert.That((CachePolicy)call.Setup.Slots[0], Has.Property("EmbeddingModel").EqualTo("vectors").And.Property("TimeToLive").EqualTo(TimeSpan.FromHours(1)));
        Assert.That(host.Logs.Messages, Has.Some.Contains("refused as a whole").And.Some.Contains("'nowhere'"));
    }

    [Test]
    public async Task SemanticCache_AsAFactory_CachesForAnyBuilder()
    {
        var model = new ScriptedChatClient(ScriptedAnswer.Text("hi"));
        var services = new ServiceCollection().AddSingleton<IEmbeddingGenerator<string, Embedding<float>>>(ScriptedEmbedder.Blurred()).BuildServiceProvider();
        using var client = LlmStages.SemanticCache(options => options.MinSimilarity = 0.9)(model, services);

        await client.GetResponseAsync("How do I reset my password?");
        await client.GetResponseAsync("How can I reset the password?");

        Assert.That(model.Requests, Has.Count.EqualTo(1));
        Assert.That(() => LlmStages.SemanticCache(options => options.MaxBytes = 0)(model, services), Throws.TypeOf<LlmConfigurationException>());
    }

    [Test]
    public void Next_ManyTimes_SpreadsByATenth()
    {
        var lifetimes = new CacheLifetimes(new ManualTimeProvider(), new(1));

        var lives = Enumerable.Range(0, 1_000).Select(_ => lifetimes.Next(TimeSpan.FromSeconds(100)).TotalSeconds).ToList();

        Assert.That(lives, Is.All.InRange(90, 110));
        Assert.That(lives.Max() - lives.Min(), Is.GreaterThan(15));
    }

    private static IChatClient Build(Action<LlmPipelineBuilder> configure, Dictionary<string, string?> settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        configure(services.AddLlmPipeline().AddModel("small", Model));
        return services.BuildServiceProvider().GetRequiredService<IChatClient>();
    }
}
