using Anthropic;
using LlmKit.Anthropic;
using LlmKit.Integration.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Integration.Tests.Anthropic;

public sealed class AnthropicConnectionTests
{
    [Test]
    public async Task Open_NoKeyInTheOptions_TakesTheEnvironments()
    {
        var wire = CannedWire.Answering(AnthropicWire.Message());
        var options = new AnthropicModelOptions { ModelId = "claude-test", HttpClient = wire.Client() };

        await AnthropicConnection.Open(options, name => name == "ANTHROPIC_API_KEY" ? "from-env" : null).GetResponseAsync("hi");

        Assert.That(wire.Headers["Authorization"], Is.EqualTo("Bearer from-env"));
    }

    [Test]
    public void Open_NoKeyAnywhere_SaysWhatToSet() =>
        Assert.That(() => AnthropicConnection.Open(new() { ModelId = "claude-test" }, _ => null), Throws.TypeOf<LlmConfigurationException>()
            .With.Message.Contains("AnthropicModelOptions.ApiKey").And.Message.Contains("ANTHROPIC_API_KEY").And.Message.Contains("'claude-test'"));

    [Test]
    public void Open_KeyThatNoHeaderCanCarry_IsAnErrorWithoutTheKey() =>
        Assert.That(() => AnthropicConnection.Open(new() { ModelId = "claude-test", ApiKey = AnthropicWire.Key + "\n" }, _ => null),
            Throws.TypeOf<LlmConfigurationException>().With.Message.Contains("AnthropicModelOptions.ApiKey").And.Message.Not.Contains(AnthropicWire.Key));

    [TestCase("ftp://host.test")]
    [TestCase("https://user:word@host.test")]
    [TestCase("https://host.test/v1/messages")]
    public void Open_EndpointThatCannotWork_IsAnErrorThatDoesNotRepeatIt(string endpoint) =>
        Assert.That(() => AnthropicConnection.Open(new() { ModelId = "claude-test", ApiKey = AnthropicWire.Key, Endpoint = new(endpoint) }, _ => null),
            Throws.TypeOf<LlmConfigurationException>().With.Message.Contains("AnthropicModelOptions.Endpoint").And.Message.Not.Contains("host.test"));

    [Test]
    public void Open_NoModelAndClientBesideEndpoint_NamesBoth()
    {
        using var own = new AnthropicClient { ApiKey = AnthropicWire.Key };

        Assert.That(() => AnthropicConnection.Open(new() { Client = own, Endpoint = new("https://host.test") }, _ => null),
            Throws.TypeOf<LlmConfigurationException>().With.Message.Contains("no id").And.Message.Contains("would ignore"));
    }

    [Test]
    public async Task Open_Endpoint_IsUsed()
    {
        var wire = CannedWire.Answering(AnthropicWire.Message());

        await AnthropicWire.Client(wire, o => o.Endpoint = new("https://host.test/proxy/")).GetResponseAsync("hi");

        Assert.That(wire.Url!.AbsoluteUri, Is.EqualTo("https://host.test/proxy/v1/messages"));
    }

    [Test]
    public async Task Open_ClientOfTheUsers_IsUsedWithoutItsRetries()
    {
        var wire = CannedWire.Answering("{}", 503);
        using var own = new AnthropicClient { ApiKey = "own", HttpClient = wire.Client() };
        var client = AnthropicConnection.Open(new() { ModelId = "claude-test", Client = own }, _ => null);

        Assert.That(async () => await client.GetResponseAsync("hi"), Throws.Exception);
        client.Dispose();

        Assert.That(wire.Requests, Is.EqualTo(1));
        Assert.That(wire.Headers["Authorization"], Is.EqualTo("Bearer own"));
        Assert.That(own.MaxRetries, Is.Not.EqualTo(0));
        Assert.That(async () => await own.WithOptions(o => o with { MaxRetries = 0 }).AsIChatClient("claude-test").GetResponseAsync("hi"), Throws.Exception.Not.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void ToString_OfTheOptions_HoldsNoKey() =>
        Assert.That(new AnthropicModelOptions { ApiKey = AnthropicWire.Key }.ToString(), Does.Not.Contain(AnthropicWire.Key));
}
