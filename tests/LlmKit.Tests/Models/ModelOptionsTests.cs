using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.Configuration;
using NUnit.Framework;

namespace LlmKit.Tests.Models;

public sealed class ModelOptionsTests
{
    private static IEnumerable<TestCaseData> Wrong()
    {
        yield return Case("no window", options => options.ContextWindow = 0, "'0'");
        yield return Case("negative output", options => options.MaxOutputTokens = -1, "'-1'");
        yield return Case("negative input price", options => (options.InputPerMillion, options.OutputPerMillion) = (-0.1m, 1), "'-0.1'");
        yield return Case("half a price", options => options.InputPerMillion = 1, "only one");
        yield return Case("a cached price alone", options => options.CachedInputPerMillion = 1, "all three");
        yield return Case("an input price beyond reason", options => (options.InputPerMillion, options.OutputPerMillion) = (1_000_001, 1), "above 1000000");
        yield return Case("an unknown catalogue id", options => options.CatalogueId = "nobody", "'nobody'");
        yield return Case("a price object beyond reason", options => options.Price = new(1e9m + 1, 1), "above 1000000000");
        yield return Case("a reasoning price beyond reason", options => options.Price = new(1, 1, reasoningPerMillion: 1e15m), "above 1000000000");
        yield return Case("a cache write price beyond reason", options => options.Price = new(1, 1, cacheWritePerMillion: 1e15m), "above 1000000000");
        yield return Case("a tier beyond reason", options => options.Price = new(1, 1, tiers: [new(200_000, 2, 1e15m)]), "above 1000000000");
    }

    [TestCaseSource(nameof(Wrong))]
    public void Build_OfAModelWithAWrongFact_NamesTheModelTheValueAndTheRemedy(Action<ModelOptions> facts, string named)
    {
        using var host = PipelineHost.For(ScriptedAnswer.Text("Paris"), facts: facts);

        Assert.That(
            () => host.Chat,
            Throws.TypeOf<LlmConfigurationException>().With.Property("Failures").Count.EqualTo(1).And.Message.Contains("'model'").And.Message.Contains(named).And.Message.EndsWith("."));
    }

    [TestCaseSource(nameof(Wrong))]
    public void Build_OfAModelThatStandsAlone_IsCheckedTheSame(Action<ModelOptions> facts, string named) =>
        Assert.That(
            () => LlmStages.Model("model", facts)(new ScriptedChatClient(ScriptedAnswer.Text("Paris")), null!),
            Throws.TypeOf<LlmConfigurationException>().With.Message.Contains(named));

    [Test]
    public void Build_OfAnEmbeddingModelWithANegativePrice_IsRefused()
    {
        using var host = PipelineHost.For(ScriptedAnswer.Text("Paris"), builder => builder.AddEmbeddings(
            "vectors", new FixedEmbeddingGenerator(1), options => (options.InputPerMillion, options.OutputPerMillion) = (-1, 0)));

        Assert.That(() => host.Chat, Throws.TypeOf<LlmConfigurationException>().With.Message.Contains("'vectors'"));
    }

    [TestCase("InputPerMillion", "1,5")]
    [TestCase("OutputPerMillion", "cheap")]
    [TestCase("ContextWindow", "128k")]
    [TestCase("RequireFinishReason", "perhaps")]
    [TestCase("Capabilities", "Telepathy")]
    [TestCase("SamplingParameters", "Luck")]
    public void Configuration_ThatCannotBeRead_NamesTheModelAndTheValue(string setting, string value)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new($"LlmKit:Default:Models:model:{setting}", value)]).Build();
        using var host = new PipelineHost(builder => builder.AddModel("model", new ScriptedChatClient(ScriptedAnswer.Text("Paris"))), configuration: configuration);

        Assert.That(() => host.Chat, Throws.TypeOf<LlmConfigurationException>().With.Message.Contains("'model'").And.Message.Contains(value));
    }

    private static TestCaseData Case(string name, Action<ModelOptions> facts, string named) => new TestCaseData(facts, named).SetArgDisplayNames(name);
}
