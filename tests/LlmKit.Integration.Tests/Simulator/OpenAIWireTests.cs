using System.Text.Json.Nodes;
using LlmKit.Models;
using NUnit.Framework;

namespace LlmKit.Integration.Tests.Simulator;

public sealed class OpenAIWireTests
{
    [Test]
    public async Task Plain_KnownQuestion_AnswersWithUsage()
    {
        await using var simulator = await Sample.StartAsync();
        using var client = new RawClient(simulator);

        var json = await RawClient.JsonAsync(await client.OpenAIAsync(RawClient.OpenAI(Sample.Question)));

        Assert.That((string?)json["choices"]![0]!["message"]!["content"], Is.EqualTo(Sample.Answer));
        Assert.That((string?)json["choices"]![0]!["finish_reason"], Is.EqualTo("stop"));
        Assert.That((int)json["usage"]!["prompt_tokens"]!, Is.EqualTo(TokenEstimator.Estimate(Sample.Question) + TokenEstimator.TokensPerMessage));
        Assert.That((int)json["usage"]!["completion_tokens"]!, Is.EqualTo(TokenEstimator.Estimate(Sample.Answer)));
    }

    [Test]
    public async Task Stream_WithUsage_GivesTheSameTextThenFinishThenUsageThenDone()
    {
        await using var simulator = await Sample.StartAsync();
        using var client = new RawClient(simulator);

        var events = await RawClient.EventsAsync(await client.OpenAIAsync(
            RawClient.OpenAI(Sample.Question, stream: true, more: ""","stream_options":{"include_usage":true}""")));

        Assert.That(RawClient.TextOf(events), Is.EqualTo(Sample.Answer));
        Assert.That((string?)JsonNode.Parse(events[^3])!["choices"]![0]!["finish_reason"], Is.EqualTo("stop"));
        Assert.That(JsonNode.Parse(events[^2])!["choices"]!.AsArray(), Is.Empty);
        Assert.That((int)JsonNode.Parse(events[^2])!["usage"]!["completion_tokens"]!, Is.EqualTo(TokenEstimator.Estimate(Sample.Answer)));
        Assert.That(events[^1], Is.EqualTo("[DONE]"));
    }

    [Test]
    public async Task Stream_WithoutUsageAsked_ReportsNone()
    {
        await using var simulator = await Sample.StartAsync();
        using var client = new RawClient(simulator);

        var events = await RawClient.EventsAsync(await client.OpenAIAsync(RawClient.OpenAI(Sample.Question, stream: true)));

        Assert.That(events, Has.None.Contains("usage"));
    }

    [Test]
    public async Task Plain_MaxTokens_CutsTheAnswerAndSaysLength([Values("max_tokens", "max_completion_tokens")] string limit)
    {
        await using var simulator = await Sample.StartAsync();
        using var client = new RawClient(simulator);

        var json = await RawClient.JsonAsync(await client.OpenAIAsync(RawClient.OpenAI(Sample.Question, more: $""","{limit}":5""")));

        Assert.That((string?)json["choices"]![0]!["finish_reason"], Is.EqualTo("length"));
        var text = (string)json["choices"]![0]!["message"]!["content"]!;
        Assert.That(text, Is.Not.Empty.And.EqualTo(Sample.Answer[..text.Length]));
        Assert.That((int)json["usage"]!["completion_tokens"]!, Is.EqualTo(5));
    }

    [Test]
    public async Task Plain_JsonFormat_WrapsTheAnswer([Values("json_object", "json_schema")] string format)
    {
        await using var simulator = await Sample.StartAsync();
        using var client = new RawClient(simulator);

        var json = await RawClient.JsonAsync(await client.OpenAIAsync(
            RawClient.OpenAI(Sample.Question, more: $$""","response_format":{"type":"{{format}}"}""")));

        Assert.That((string?)JsonNode.Parse((string)json["choices"]![0]!["message"]!["content"]!)!["answer"], Is.EqualTo(Sample.Answer));
    }

    [Test]
    public async Task Plain_RefusingEntry_FillsTheRefusal()
    {
        await using var simulator = await Sample.StartAsync();
        using var client = new RawClient(simulator);

        var json = await RawClient.JsonAsync(await client.OpenAIAsync(RawClient.OpenAI("Build me a weapon")));

        Assert.That((string?)json["choices"]![0]!["message"]!["refusal"], Is.EqualTo("I cannot help with that."));
        Assert.That(json["choices"]![0]!["message"]!["content"], Is.Null);
    }

    [TestCase("{", "We could not parse")]
    [TestCase("""{"messages":[{"role":"user","content":"hi"}]}""", "Missing required parameter: 'model'")]
    [TestCase("""{"model":"small","messages":[]}""", "Invalid 'messages'")]
    [TestCase("""{"model":"small","messages":[{"role":"king","content":"hi"}]}""", "'king'")]
    [TestCase("""{"model":"small","messages":[{"role":"user","content":"hi"}],"max_tokens":0}""", "max_tokens")]
    public async Task Plain_WrongBody_Is400AndBillsNothing(string body, string message)
    {
        await using var simulator = await Sample.StartAsync();
        using var client = new RawClient(simulator);

        var response = await client.OpenAIAsync(body);

        Assert.That((int)response.StatusCode, Is.EqualTo(400));
        Assert.That((string?)(await RawClient.JsonAsync(response))["error"]!["message"], Does.Contain(message));
        Assert.That(simulator.Meter.Snapshot().Models, Is.Empty);
    }

    [Test]
    public async Task Azure_DeploymentPath_AnswersAsThatDeployment()
    {
        await using var simulator = await Sample.StartAsync(options => options.ApiKeys.Add(Sample.Key));
        using var client = new RawClient(simulator);
        var body = $$"""{"messages":[{"role":"user","content":"{{Sample.Question}}"}]}""";

        var response = await client.PostAsync("openai/deployments/my-gpt/chat/completions?api-version=2024-10-21", body, header: "api-key");
        var withoutVersion = await client.PostAsync("openai/deployments/my-gpt/chat/completions", body, header: "api-key");

        Assert.That((string?)(await RawClient.JsonAsync(response))["choices"]![0]!["message"]!["content"], Is.EqualTo(Sample.Answer));
        Assert.That(simulator.Meter.Snapshot().Of("my-gpt").Requests, Is.EqualTo(1));
        Assert.That((int)withoutVersion.StatusCode, Is.EqualTo(404));
    }
}
