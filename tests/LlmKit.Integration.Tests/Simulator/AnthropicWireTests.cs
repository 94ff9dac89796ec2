using System.Text.Json.Nodes;
using LlmKit.Models;
using NUnit.Framework;

namespace LlmKit.Integration.Tests.Simulator;

public sealed class AnthropicWireTests
{
    [Test]
    public async Task Plain_EitherKeyHeader_Answers([Values("x-api-key", null)] string? header)
    {
        await using var simulator = await Sample.StartAsync(options => options.ApiKeys.Add(Sample.Key));
        using var client = new RawClient(simulator);

        var json = await RawClient.JsonAsync(await client.PostAsync("v1/messages", RawClient.Anthropic(Sample.Question), header));

        Assert.That((string?)json["content"]![0]!["text"], Is.EqualTo(Sample.Answer));
        Assert.That((string?)json["stop_reason"], Is.EqualTo("end_turn"));
    }

    [Test]
    public async Task Plain_SystemText_CountsAsOneMessage()
    {
        await using var simulator = await Sample.StartAsync();
        using var client = new RawClient(simulator);

        var json = await RawClient.JsonAsync(await client.AnthropicAsync(RawClient.Anthropic("hello", more: ""","system":"Be kind." """)));

        var expected = TokenEstimator.Estimate("hello") + TokenEstimator.Estimate("Be kind.") + 2 * TokenEstimator.TokensPerMessage;
        Assert.That((int)json["usage"]!["input_tokens"]!, Is.EqualTo(expected));
    }

    [Test]
    public async Task Stream_KnownQuestion_SendsTheEventsInOrder()
    {
        await using var simulator = await Sample.StartAsync(options => options.WordsPerChunk = 1_000);
        using var client = new RawClient(simulator);

        var events = await RawClient.EventsAsync(await client.AnthropicAsync(RawClient.Anthropic(Sample.Question, stream: true)));

        Assert.That(events.Select(data => (string?)JsonNode.Parse(data)!["type"]), Is.EqualTo(new[]
        {
            "message_start", "ping", "content_block_start", "content_block_delta", "content_block_stop", "message_delta", "message_stop",
        }));
        Assert.That((int)JsonNode.Parse(events[^2])!["usage"]!["output_tokens"]!, Is.EqualTo(TokenEstimator.Estimate(Sample.Answer)));
    }

    [Test]
    public async Task Plain_MarkedSystemTwice_IsWrittenThenRead()
    {
        await using var simulator = await Sample.StartAsync(options => options.PromptCacheMinTokens = 1);
        using var client = new RawClient(simulator);
        var body = RawClient.Anthropic("hello", more: ""","system":[{"type":"text","text":"Be kind.","cache_control":{"type":"ephemeral"}}]""");

        var first = await RawClient.JsonAsync(await client.AnthropicAsync(body));
        var second = await RawClient.JsonAsync(await client.AnthropicAsync(body));

        var system = TokenEstimator.Estimate("Be kind.") + TokenEstimator.TokensPerMessage;
        Assert.That((int)first["usage"]!["cache_creation_input_tokens"]!, Is.EqualTo(system));
        Assert.That((int)second["usage"]!["cache_read_input_tokens"]!, Is.EqualTo(system));
        Assert.That((int)second["usage"]!["input_tokens"]!, Is.EqualTo(TokenEstimator.Estimate("hello") + TokenEstimator.TokensPerMessage));
        Assert.That(simulator.Meter.Snapshot().Of("strong").Tokens.CachedInput, Is.EqualTo(system));
    }

    [Test]
    public async Task Plain_NoMaxTokens_Is400()
    {
        await using var simulator = await Sample.StartAsync();
        using var client = new RawClient(simulator);

        var response = await client.AnthropicAsync("""{"model":"strong","messages":[{"role":"user","content":"hi"}]}""");

        Assert.That((int)response.StatusCode, Is.EqualTo(400));
        Assert.That((string?)(await RawClient.JsonAsync(response))["error"]!["message"], Is.EqualTo("max_tokens: Field required"));
    }
}
