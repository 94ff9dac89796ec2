using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Models.Limits;

public sealed class ModelLimitsValidationTests
{
    [Test]
    public void Build_WithSeveralMistakes_ListsThemAll()
    {
        using var host = PipelineHost.For(ScriptedAnswer.Text("ok"), facts: options =>
        {
            options.Limits.RequestsPerMinute = -1;
            options.Limits.Concurrent = 11_000_000_000;
            options.Limits.Burst = double.NaN;
            options.Limits.Queue = 10_001;
            options.Limits.MaxWait = TimeSpan.FromHours(2);
            options.Limits.SharedAs = " ";
        });

        Assert.That(() => host.Chat, Throws.TypeOf<LlmConfigurationException>().With.Property("Failures").Count.EqualTo(6));
    }

    [TestCase("Models:model:Limits:RequestsPerMinute", "1,000")]
    [TestCase("Models:model:Limits:Burst", "half")]
    [TestCase("Models:model:Limits:Queue", "1.5")]
    [TestCase("Models:model:Limits:MaxWait", "soon")]
    [TestCase("Models:model:Limits:FollowProvider", "yes")]
    public void Build_WithWhatCannotBeRead_IsRefused(string key, string value)
    {
        using var host = new PipelineHost(builder => builder.AddModel("model", new ScriptedChatClient(ScriptedAnswer.Text("ok"))), configuration: ChangingConfiguration.Of((key, value)));

        Assert.That(() => host.Chat, Throws.TypeOf<LlmConfigurationException>().With.Message.Contains("'model'"));
    }

    [Test]
    public async Task Embed_MoreThanTheModelsLimit_IsRefused()
    {
        using var host = new PipelineHost(builder => builder
            .AddModel("model", new ScriptedChatClient(ScriptedAnswer.Text("ok")))
            .AddEmbeddings("embeddings", new FixedEmbeddingGenerator(3), options => (options.Limits.RequestsPerMinute, options.Limits.Queue) = (1, 0))
            .UseSemanticCache(cache => cache.MinSimilarity = 0.9));
        await Outcome.OfAsync(host.Chat, streamed: false, prompt: "one");

        var outcome = await Outcome.OfAsync(host.Chat, streamed: false, prompt: "two");

        Assert.That(outcome.Error, Is.Null);
        Assert.That(outcome.Call!.Steps.OfType<LlmKit.Calls.RateLimitStep>().Single().Model, Is.EqualTo("embeddings"));
    }
}
