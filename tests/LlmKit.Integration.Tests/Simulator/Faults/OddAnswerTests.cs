using System.Text.Json.Nodes;
using LlmKit.Integration.Tests.Support;
using LlmKit.Models;
using LlmKit.Simulator;
using LlmKit.Simulator.Faults;
using LlmKit.Simulator.Metering;
using NUnit.Framework;

namespace LlmKit.Integration.Tests.Simulator.Faults;

/// <summary>Answers with status 200 that are errors, empty, or long in coming.</summary>
public sealed class OddAnswerTests
{
    private const string TwoChunks = "Dear customer, open the lid at";
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(5);

    private readonly InstantTime _time = new();

    [Test]
    public async Task ErrorAsAnswer_OpenAI_IsTheBodyOrTheOnlyEvent([Values] bool stream)
    {
        await using var simulator = await StartAsync(Fault.ErrorAsAnswer(429));
        using var client = new RawClient(simulator);

        var response = await client.OpenAIAsync(RawClient.OpenAI(Sample.Question, stream: stream));
        var body = stream ? JsonNode.Parse((await RawClient.EventsAsync(response)).Single())! : await RawClient.JsonAsync(response);

        Assert.That((int)response.StatusCode, Is.EqualTo(200));
        Assert.That((int)body["error"]!["code"]!, Is.EqualTo(429));
        AssertUnbilled(simulator);
    }

    [TestCase(402, "billing_error")]
    [TestCase(429, "rate_limit_error")]
    [TestCase(400, "invalid_request_error")]
    [TestCase(502, "api_error")]
    public async Task ErrorAsAnswer_Anthropic_NamesItsType(int status, string type)
    {
        await using var simulator = await StartAsync(Fault.ErrorAsAnswer(status));
        using var client = new RawClient(simulator);

        var plain = await RawClient.JsonAsync(await client.AnthropicAsync(RawClient.Anthropic(Sample.Question)));
        var events = await RawClient.EventsAsync(await client.AnthropicAsync(RawClient.Anthropic(Sample.Question, stream: true)));

        Assert.That((string?)plain["error"]!["type"], Is.EqualTo(type));
        Assert.That((string?)JsonNode.Parse(events.Single())!["error"]!["type"], Is.EqualTo(type));
        AssertUnbilled(simulator);
    }

    [Test]
    public void ErrorAsAnswer_StatusThatIsNoError_Throws([Values(200, 399, 600)] int status) =>
        Assert.That(() => Fault.ErrorAsAnswer(status), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public async Task ErrorFinish_OpenAIStream_EndsTheTextWithTheReasonAndTheError()
    {
        await using var simulator = await StartAsync(Fault.ErrorFinish(afterChunks: 2));
        using var client = new RawClient(simulator);

        var events = await RawClient.EventsAsync(await client.OpenAIAsync(RawClient.OpenAI(Sample.Question, stream: true)));

        var last = JsonNode.Parse(events[^2])!;
        Assert.That(RawClient.TextOf(events), Is.EqualTo(TwoChunks));
        Assert.That((string?)last["choices"]![0]!["finish_reason"], Is.EqualTo("error"));
        Assert.That((int)last["error"]!["code"]!, Is.EqualTo(502));
        Assert.That(events[^1], Is.EqualTo("[DONE]"));
        AssertBilled(simulator, "small", TwoChunks, RequestOutcome.Broken);
    }

    [Test]
    public async Task ErrorFinish_OpenAIPlain_CarriesTheErrorInTheChoice()
    {
        await using var simulator = await StartAsync(Fault.ErrorFinish());
        using var client = new RawClient(simulator);

        var choice = (await RawClient.JsonAsync(await client.OpenAIAsync(RawClient.OpenAI(Sample.Question))))["choices"]![0]!;

        Assert.That((string?)choice["finish_reason"], Is.EqualTo("error"));
        Assert.That((int)choice["error"]!["code"]!, Is.EqualTo(502));
        AssertBilled(simulator, "small", "", RequestOutcome.Broken);
    }

    [Test]
    public async Task EmptyAnswer_IsFinishedAndHasNothingInIt([Values] bool stream)
    {
        await using var simulator = await StartAsync(Fault.EmptyAnswer());
        using var client = new RawClient(simulator);

        var openAI = await (await client.OpenAIAsync(RawClient.OpenAI(Sample.Question, stream: stream))).Content.ReadAsStringAsync();
        var anthropic = await (await client.AnthropicAsync(RawClient.Anthropic(Sample.Question, stream: stream))).Content.ReadAsStringAsync();

        Assert.That(openAI, Does.Contain("\"finish_reason\":\"stop\"").And.Not.Contain("Dear"));
        Assert.That(anthropic, Does.Contain("\"stop_reason\":\"end_turn\"").And.Not.Contain("content_block").And.Not.Contain("Dear"));
        AssertBilled(simulator, "small", "", RequestOutcome.Answered);
    }

    [Test]
    public async Task KeepAlives_Stream_ComeBeforeTheContentAtTheirInterval()
    {
        await using var simulator = await StartAsync(Fault.KeepAlives(Often, count: 3));
        using var client = new RawClient(simulator);

        var openAI = await (await client.OpenAIAsync(RawClient.OpenAI(Sample.Question, stream: true))).Content.ReadAsStringAsync();
        var anthropic = await (await client.AnthropicAsync(RawClient.Anthropic(Sample.Question, stream: true))).Content.ReadAsStringAsync();

        var beforeText = openAI[..openAI.IndexOf("Dear", StringComparison.Ordinal)];
        Assert.That(beforeText.Split(": keep-alive\n\ndata: {"), Has.Length.EqualTo(4));
        Assert.That(anthropic.Split("event: ping\n"), Has.Length.EqualTo(5), "one belongs to every stream");
        Assert.That(_time.Waits, Is.EqualTo(Enumerable.Repeat(Often, 6)));
        AssertBilled(simulator, "small", Sample.Answer, RequestOutcome.Answered);
    }

    [Test]
    public async Task KeepAlives_Plain_AreWhiteSpaceBeforeTheAnswer()
    {
        await using var simulator = await StartAsync(Fault.KeepAlives(Often, count: 3));
        using var client = new RawClient(simulator);

        var body = await (await client.OpenAIAsync(RawClient.OpenAI(Sample.Question))).Content.ReadAsStringAsync();

        Assert.That(body, Does.StartWith("   {"));
        Assert.That((string?)JsonNode.Parse(body)!["choices"]![0]!["message"]!["content"], Is.EqualTo(Sample.Answer));
    }

    [Test]
    public async Task KeepAlives_WithoutEnd_EndWithTheClient([Values] bool stream)
    {
        await using var simulator = await StartAsync(Fault.KeepAlives(Often));
        using var client = new RawClient(simulator);

        (await client.OpenAIAsync(RawClient.OpenAI(Sample.Question, stream: stream))).Dispose();
        await simulator.WhenIdleAsync();

        AssertBilled(simulator, "small", "", RequestOutcome.Abandoned);
    }

    [Test]
    public void KeepAlives_WithoutAnInterval_Throw() =>
        Assert.That(() => Fault.KeepAlives(TimeSpan.Zero), Throws.InstanceOf<ArgumentOutOfRangeException>());

    private Task<ProviderSimulator> StartAsync(Fault fault) => Sample.StartAsync(options =>
    {
        options.TimeProvider = _time;
        options.Faults.Always(fault);
    });

    private static void AssertUnbilled(ProviderSimulator simulator)
    {
        Assert.That(simulator.Meter.Snapshot().Models, Is.Empty);
        Assert.That(simulator.Requests.Count(RequestOutcome.Broken), Is.EqualTo(simulator.Requests.Total));
    }

    private static void AssertBilled(ProviderSimulator simulator, string model, string written, RequestOutcome outcome)
    {
        var input = TokenEstimator.Estimate(Sample.Question) + TokenEstimator.TokensPerMessage;
        Assert.That(simulator.Meter.Snapshot().Of(model).Tokens, Is.EqualTo(new TokenCounts(input, 0, 0, TokenEstimator.Estimate(written), 0)));
        Assert.That(simulator.Requests.Count(model, outcome), Is.EqualTo(1));
    }
}
