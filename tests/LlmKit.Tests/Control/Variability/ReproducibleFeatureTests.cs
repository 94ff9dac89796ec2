using LlmKit.Control.Variability;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Variability;

[TestFixture(false)]
[TestFixture(true)]
public sealed class ReproducibleFeatureTests(bool streamed)
{
    private const string Dated = "small-2025-08-07";

    private readonly ScriptedChatClient _small = new((number, _) => ScriptedAnswer.Text("small ", $"{number}"), modelId: Dated);
    private readonly ScriptedChatClient _large = new((number, _) => ScriptedAnswer.Text("large ", $"{number}"));

    [Test]
    public async Task Ask_TheSameAgain_IsAnsweredTheSame()
    {
        using var host = Host();

        var first = await AskAsync(host);
        var second = await AskAsync(host);

        Assert.That((first.Text, second.Text), Is.EqualTo(("small 0", "small 0")));
    }

    [Test]
    public async Task Ask_OfAReproducibleFeature_LeavesToChanceWhatCannotBeSetOnly()
    {
        using var host = Host(declared => declared.Seed = 7);

        var (_, call) = await host.Chat.AskAsync(streamed, new LlmCallOptions { Feature = "extract", Temperature = 0.9f });

        var sent = _small.Requests.Single().Options!;
        Assert.That((sent.Temperature, sent.Seed), Is.EqualTo((0f, 7L)));
        Assert.That(call.Steps.OfType<VariabilityStep>().Single().Reason, Does.Contain("temperature 0, seed 7").And.Contain("no provider promises"));
    }

    [Test]
    public async Task Ask_WhenTheModelFails_IsAnsweredByNoOther()
    {
        var failing = new ScriptedChatClient((_, _) => ScriptedAnswer.Throws(new HttpRequestException("busy", null, System.Net.HttpStatusCode.ServiceUnavailable)), modelId: Dated);
        using var host = Host(small: failing);

        Assert.That(() => AskAsync(host), Throws.InstanceOf<HttpRequestException>());
        Assert.That(_large.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_OfAFreeFeature_IsLeftAlone()
    {
        using var host = Host();

        var (response, call) = await host.Chat.AskAsync(streamed, new LlmCallOptions { Feature = "chat", Temperature = 0.9f });

        Assert.That((response.Text, _large.Requests.Single().Options!.Temperature), Is.EqualTo(("large 0", 0.9f)));
        Assert.That(call.Steps.OfType<VariabilityStep>(), Is.Empty);
    }

    [Test]
    public async Task Ask_ThatForcesAnotherModel_IsAnsweredByItAndSaysSo()
    {
        using var host = Host();

        var (response, call) = await host.Chat.AskAsync(streamed, new LlmCallOptions { Feature = "extract", Model = "large" });

        Assert.That(response.Text, Is.EqualTo("large 0"));
        Assert.That(call.Steps.OfType<VariabilityStep>().Single().Decision, Is.EqualTo("not-pinned"));
    }

    [Test]
    public async Task Ask_WhileObserving_ChangesNothing()
    {
        using var host = Host(options: options => options.Observe = true);

        var (response, call) = await host.Chat.AskAsync(streamed, new LlmCallOptions { Feature = "extract", Temperature = 0.9f });

        Assert.That((response.Text, _large.Requests.Single().Options!.Temperature), Is.EqualTo(("large 0", 0.9f)));
        Assert.That(call.Steps.OfType<VariabilityStep>().Single(), Has.Property("Observed").True.And.Property("Decision").EqualTo("pinned"));
    }

    [Test]
    public async Task Ask_WithOptionsOfSomebodysOwn_GoesToTheModelAllTheSame()
    {
        using var host = Host();

        using var scope = LlmScope.Begin(feature: "extract");
        var (response, _) = await host.Chat.AskAsync(streamed, new ForeignOptions());

        Assert.That(response.Text, Is.EqualTo("small 0"));
    }

    [Test]
    public void Build_WithAnAlias_IsRefused()
    {
        using var host = Host(small: new ScriptedChatClient((_, _) => new(), modelId: "small-latest"));

        Assert.That(() => host.Chat, Throws.TypeOf<LlmConfigurationException>().With.Message.Contains("'small-latest', which names no fixed version"));
    }

    [Test]
    public async Task Build_WithAnAliasThatIsAllowed_SaysSoInEachStep()
    {
        using var host = Host(declared => declared.AllowAlias = true, small: new ScriptedChatClient((_, _) => ScriptedAnswer.Text("x"), modelId: "small-latest"));

        var (_, call) = await host.Chat.AskAsync(streamed, new LlmCallOptions { Feature = "extract" });

        Assert.That(call.Steps.OfType<VariabilityStep>().Single().Reason, Does.StartWith("asked for by an alias"));
    }

    [Test]
    public void Build_WithoutACache_IsRefused()
    {
        using var host = new PipelineHost(builder => builder.AddModel("small", _small).UseVariability(options => options.Reproducible("extract")));

        Assert.That(() => host.Chat, Throws.TypeOf<LlmConfigurationException>().With.Message.Contains("no cache stands outside"));
    }

    [TestCase("small-2025-08-07", true)]
    [TestCase("claude-x-20241022", true)]
    [TestCase("gpt-x-0613", true)]
    [TestCase("x@20250101", true)]
    [TestCase("small", false)]
    [TestCase("small-latest", false)]
    [TestCase("small-4.1", false)]
    [TestCase("small-1213-1", false)]
    [TestCase("small-20251301", false)]
    public void IsFixed_OfAnId_TellsDatesFromAliases(string id, bool expected) => Assert.That(ModelVersion.IsFixed(id), Is.EqualTo(expected));

    private PipelineHost Host(Action<ReproducibleFeature>? configure = null, IChatClient? small = null, Action<VariabilityOptions>? options = null) => new(builder => builder
        .AddModel("large", _large)
        .AddModel("small", small ?? _small)
        .UseSemanticCache()
        .UseVariability(variability =>
        {
            variability.Reproducible("extract", declared =>
            {
                declared.Model = "small";
                configure?.Invoke(declared);
            });
            options?.Invoke(variability);
        })
        .UseRouter());

    private async Task<ChatResponse> AskAsync(PipelineHost host) =>
        (await host.Chat.AskAsync(streamed, new LlmCallOptions { Feature = "extract", User = "u1", Tenant = "acme" })).Response;
}
