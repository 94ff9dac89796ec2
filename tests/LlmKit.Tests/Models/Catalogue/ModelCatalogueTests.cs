using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Models.Catalogue;

public sealed class ModelCatalogueTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"catalogue-{Guid.NewGuid():n}.json");

    public void Dispose() => File.Delete(_path);

    [Test]
    public void BuiltIn_PricedEntries_SayWhereAndWhenThePriceWasRead()
    {
        var priced = ModelCatalogue.BuiltIn.Entries.Where(entry => entry.Price is not null).ToList();

        Assert.That(priced, Is.Not.Empty);
        Assert.That(priced.Where(entry => entry.Price!.AsOf is null || entry.Price.Source is not { Length: > 0 }).Select(entry => entry.Id), Is.Empty);
    }

    [Test]
    public void BuiltIn_Entries_AreSound()
    {
        foreach (var entry in ModelCatalogue.BuiltIn.Entries)
        {
            Assert.That(entry.ContextWindow, Is.Null.Or.GreaterThan(0), entry.Id);
            Assert.That(entry.MaxOutputTokens, Is.Null.Or.InRange(1, entry.ContextWindow ?? int.MaxValue), entry.Id);
            Assert.That(entry.Price?.CachedInputPerMillion, Is.Null.Or.LessThanOrEqualTo(entry.Price?.InputPerMillion ?? 0), entry.Id);
        }
    }

    /// <summary>An offer that ends must not price reservations: once it is over, budgets would be overshot.</summary>
    [TestCase("gpt-5.6")]
    [TestCase("gpt-5.6-sol")]
    public void BuiltIn_ModelOnOffer_HasItsListPrice(string id)
    {
        var price = ModelCatalogue.BuiltIn.Find(id)!.Price!;

        Assert.That((price.InputPerMillion, price.CachedInputPerMillion, price.CacheWritePerMillion, price.OutputPerMillion), Is.EqualTo((5m, 0.5m, 6.25m, 30m)));
        Assert.That(price.Tiers.Single(), Is.EqualTo(new PriceTier(272_000, 10, 45, 1, 12.5m)));
    }

    [TestCase("gpt-4o-2024-08-06", "gpt-4o")]
    [TestCase("claude-sonnet-4-20250514", "claude-sonnet-4")]
    [TestCase("GPT-4O", "gpt-4o")]
    [TestCase("gpt-4o-mini", "gpt-4o-mini")]
    public void Find_DatedId_IsTheEntryOfItsName(string id, string entry) =>
        Assert.That(ModelCatalogue.BuiltIn.Find(id)!.Id, Is.EqualTo(entry));

    [TestCase("gpt-unheard-of")]
    [TestCase("20240806")]
    [TestCase("-2024-08-06")]
    [TestCase("")]
    [TestCase(null)]
    public void Find_UnknownId_IsNull(string? id) => Assert.That(ModelCatalogue.BuiltIn.Find(id), Is.Null);

    [Test]
    public void With_File_OverridesAndExtends()
    {
        File.WriteAllText(_path, """
            { // comments and trailing commas are welcome
              "sources": { "us": { "url": "https://example.com", "asOf": "2026-01-31" } },
              "models": [
                { "id": "gpt-4o", "provider": "openai", "source": "us", "input": 7, "output": 8, "tiers": [{ "above": 10, "input": 9, "output": 9 }] },
                { "id": "ours", "provider": "us", "capabilities": ["Tools", "images"] },
              ],
            }
            """);

        var catalogue = ModelCatalogue.BuiltIn.With(_path);

        Assert.That(catalogue.Find("gpt-4o")!.Price, Is.EqualTo(new { InputPerMillion = 7m }).Using<ModelPrice, object>((price, _) => price.InputPerMillion == 7 && price.AsOf == new DateOnly(2026, 1, 31) && price.Tiers.Count == 1));
        Assert.That(catalogue.Find("ours")!.Capabilities, Is.EqualTo(ModelCapabilities.Tools | ModelCapabilities.Images));
        Assert.That(catalogue.Find("gpt-4o-mini"), Is.Not.Null);
        Assert.That(ModelCatalogue.BuiltIn.Find("gpt-4o")!.Price!.InputPerMillion, Is.EqualTo(2.5m));
    }

    [TestCase("not json")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("""{"models":[{"provider":"x"}]}""")]
    [TestCase("""{"models":[{"id":"x"}]}""")]
    [TestCase("""{"models":[{"id":"x","provider":"x","input":-1,"output":1}]}""")]
    [TestCase("""{"models":[{"id":"x","provider":"x","input":"dear","output":1,"contextWindow":1.5}]}""")]
    [TestCase("""{"models":[{"id":"x","provider":"x","capabilities":["Flying"]}]}""")]
    [TestCase("""{"sources":{"s":{"url":"u","asOf":"yesterday"}},"models":[{"id":"x","provider":"x","source":"s","input":1,"output":1}]}""")]
    public void With_BrokenFile_IsAConfigurationError(string content)
    {
        File.WriteAllText(_path, content);

        Assert.That(() => ModelCatalogue.BuiltIn.With(_path), Throws.InstanceOf<LlmConfigurationException>().With.Message.Contains(Path.GetFileName(_path)));
    }

    [Test]
    public void With_NoFile_IsAConfigurationError() =>
        Assert.That(() => ModelCatalogue.BuiltIn.With(_path), Throws.InstanceOf<LlmConfigurationException>());

    [Test]
    public void Build_CatalogueFile_PricesTheModel()
    {
        File.WriteAllText(_path, """{"models":[{"id":"scripted-1","provider":"x","input":7,"output":8,"contextWindow":123}]}""");
        using var host = new PipelineHost(builder => builder.AddModel("model", new ScriptedChatClient(ScriptedAnswer.Text("Paris"))).WithCatalogue(_path));

        var model = (Model)host.Chat.GetService(typeof(Model))!;

        Assert.That((model.Price!.InputPerMillion, model.ContextWindow, model.CatalogueId), Is.EqualTo((7m, (int?)123, "scripted-1")));
    }

    [Test]
    public void Build_AnEntryOfTheUsersOwn_LeavesWhatIsKnownOfTheModel()
    {
        File.WriteAllText(_path, """{"models":[{"id":"contract","provider":"x","input":7,"output":8}]}""");
        var client = new ScriptedChatClient((_, _) => ScriptedAnswer.Text("Paris"), modelId: "gpt-5-2025-08-07");
        using var host = new PipelineHost(builder => builder.AddModel("model", client, options => options.CatalogueId = "contract").WithCatalogue(_path));

        Assert.That(host.Chat.GetService<Model>(), Has.Property("CatalogueId").EqualTo("contract").And.Property("SamplingParameters").EqualTo(SamplingParameters.None));
    }

    [TestCase("2025-06-01", true)]
    [TestCase("2025-12-01", false)]
    public void Build_PriceReadLongAgo_WarnsOnce(string asOf, bool warned)
    {
        using var host = PipelineHost.For(ScriptedAnswer.Text("Paris"), facts: options => options.Price = new(1, 1) { AsOf = DateOnly.Parse(asOf, System.Globalization.CultureInfo.InvariantCulture) });

        _ = host.Chat;

        Assert.That(host.Logs.Messages.Count(message => message.Contains("The price of the model 'model'", StringComparison.Ordinal)), Is.EqualTo(warned ? 1 : 0));
    }
}
