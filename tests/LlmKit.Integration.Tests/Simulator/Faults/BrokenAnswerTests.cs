using System.Text.Json;
using System.Text.Json.Nodes;
using LlmKit.Integration.Tests.Support;
using LlmKit.Models;
using LlmKit.Simulator;
using LlmKit.Simulator.Faults;
using LlmKit.Simulator.Metering;
using NUnit.Framework;

namespace LlmKit.Integration.Tests.Simulator.Faults;

public sealed class BrokenAnswerTests
{
    private const string TwoChunks = "Dear customer, open the lid at";

    private static readonly int Input = TokenEstimator.Estimate(Sample.Question) + TokenEstimator.TokensPerMessage;

    [Test]
    public async Task EndsEarly_Stream_HasNoFinishAndNoEndMark()
    {
        await using var simulator = await StartAsync(Fault.EndsEarly(afterChunks: 2));
        using var client = new RawClient(simulator);

        var events = await RawClient.EventsAsync(await client.OpenAIAsync(RawClient.OpenAI(Sample.Question, stream: true)));

        Assert.That(RawClient.TextOf(events), Is.EqualTo(TwoChunks));
        Assert.That(events, Has.None.EqualTo("[DONE]").And.None.Contains("\"stop\"").And.None.EqualTo("(broken)"));
        AssertBilled(simulator, "small", TwoChunks, RequestOutcome.Broken);
    }

    [Test]
    public async Task EndsEarly_AfterAllChunks_LacksOnlyTheFinish()
    {
        await using var simulator = await StartAsync(Fault.EndsEarly(afterChunks: 1_000));
        using var client = new RawClient(simulator);

        var events = await RawClient.EventsAsync(await client.OpenAIAsync(RawClient.OpenAI(Sample.Question, stream: true)));

        Assert.That(RawClient.TextOf(events), Is.EqualTo(Sample.Answer));
        Assert.That(events, Has.None.EqualTo("[DONE]"));
        AssertBilled(simulator, "small", Sample.Answer, RequestOutcome.Broken);
    }

    [Test]
    public async Task EndsEarly_Anthropic_HasNoMessageStop()
    {
        await using var simulator = await StartAsync(Fault.EndsEarly(afterChunks: 2));
        using var client = new RawClient(simulator);

        var events = await RawClient.EventsAsync(await client.AnthropicAsync(RawClient.Anthropic(Sample.Question, stream: true)));

        Assert.That(events, Has.None.Contains("message_stop").And.None.Contains("message_delta"));
        AssertBilled(simulator, "strong", TwoChunks, RequestOutcome.Broken);
    }

    [Test]
    public async Task Reset_Stream_BreaksTheConnectionAfterTheChunks()
    {
        await using var simulator = await StartAsync(Fault.Reset(afterChunks: 2));
        using var client = new RawClient(simulator);

        var events = await RawClient.EventsAsync(await client.OpenAIAsync(RawClient.OpenAI(Sample.Question, stream: true)));

        Assert.That(RawClient.TextOf(events), Is.EqualTo(TwoChunks));
        Assert.That(events[^1], Is.EqualTo("(broken)"));
        AssertBilled(simulator, "small", TwoChunks, RequestOutcome.Broken);
    }

    [Test]
    public async Task Reset_ManyAtOnce_NeverOvertakesTheChunks()
    {
        await using var simulator = await StartAsync(Fault.Reset(afterChunks: 2));
        using var client = new RawClient(simulator);

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(async _ =>
            await RawClient.EventsAsync(await client.OpenAIAsync(RawClient.OpenAI(Sample.Question, stream: true)))));

        Assert.That(answers.Select(RawClient.TextOf), Is.All.EqualTo(TwoChunks));
        Assert.That(answers.Select(events => events[^1]), Is.All.EqualTo("(broken)"));
    }

    [Test]
    public async Task Reset_Plain_BillsInputOnly()
    {
        await using var simulator = await StartAsync(Fault.Reset());
        using var client = new RawClient(simulator);

        var response = await client.OpenAIAsync(RawClient.OpenAI(Sample.Question));

        Assert.That(() => response.Content.ReadAsStringAsync(), Throws.InstanceOf<HttpRequestException>());
        AssertBilled(simulator, "small", "", RequestOutcome.Broken);
    }

    [Test]
    public async Task ResetBeforeHeaders_BillsInputOnly()
    {
        await using var simulator = await StartAsync(Fault.ResetBeforeHeaders());
        using var client = new RawClient(simulator);

        Assert.That(() => client.OpenAIAsync(RawClient.OpenAI(Sample.Question)), Throws.InstanceOf<HttpRequestException>());
        AssertBilled(simulator, "small", "", RequestOutcome.Broken);
    }

    [Test]
    public async Task ErrorInStream_SendsTheProvidersErrorEvent()
    {
        await using var simulator = await StartAsync(Fault.ErrorInStream(afterChunks: 2));
        using var client = new RawClient(simulator);

        var openAI = await RawClient.EventsAsync(await client.OpenAIAsync(RawClient.OpenAI(Sample.Question, stream: true)));
        var anthropic = await RawClient.EventsAsync(await client.AnthropicAsync(RawClient.Anthropic(Sample.Question, stream: true)));
        var plain = await client.OpenAIAsync(RawClient.OpenAI(Sample.Question));

        Assert.That((string?)JsonNode.Parse(openAI[^1])!["error"]!["type"], Is.EqualTo("server_error"));
        Assert.That((string?)JsonNode.Parse(anthropic[^1])!["error"]!["type"], Is.EqualTo("overloaded_error"));
        Assert.That((int)plain.StatusCode, Is.EqualTo(500));
        AssertBilled(simulator, "strong", TwoChunks, RequestOutcome.Broken);
    }

    [Test]
    public async Task MalformedJson_IsNotJsonAndBillsInputOnly([Values] bool stream)
    {
        await using var simulator = await StartAsync(Fault.MalformedJson());
        using var client = new RawClient(simulator);

        var response = await client.OpenAIAsync(RawClient.OpenAI(Sample.Question, stream: stream));
        var json = stream ? (await RawClient.EventsAsync(response)).Single() : await response.Content.ReadAsStringAsync();

        Assert.That((int)response.StatusCode, Is.EqualTo(200));
        Assert.That(() => JsonDocument.Parse(json), Throws.InstanceOf<JsonException>());
        AssertBilled(simulator, "small", "", RequestOutcome.Malformed);
    }

    [Test]
    public async Task AnswerFiltered_EndsWithTheProvidersReason([Values] bool stream)
    {
        await using var simulator = await StartAsync(Fault.AnswerFiltered(afterChunks: 2));
        using var client = new RawClient(simulator);

        var openAI = await (await client.OpenAIAsync(RawClient.OpenAI(Sample.Question, stream: stream))).Content.ReadAsStringAsync();
        var anthropic = await (await client.AnthropicAsync(RawClient.Anthropic(Sample.Question, stream: stream))).Content.ReadAsStringAsync();

        Assert.That(openAI, Does.Contain("\"finish_reason\":\"content_filter\""));
        Assert.That(anthropic, Does.Contain("\"stop_reason\":\"refusal\""));
        AssertBilled(simulator, "small", TwoChunks, RequestOutcome.Filtered);
    }

    [Test]
    public async Task Stall_ClientGoesAway_BillsWhatWasWritten()
    {
        await using var simulator = await StartAsync(Fault.Stall(afterChunks: 2));
        using var client = new RawClient(simulator);

        var response = await client.OpenAIAsync(RawClient.OpenAI(Sample.Question, stream: true));
        using (var reader = new StreamReader(await response.Content.ReadAsStreamAsync()))
        {
            // The role, then two chunks, each followed by an empty line.
            for (var line = 0; line < 6; line++)
                await reader.ReadLineAsync();
        }

        response.Dispose();
        await simulator.WhenIdleAsync();

        AssertBilled(simulator, "small", TwoChunks, RequestOutcome.Abandoned);
    }

    [Test]
    public async Task Stall_Ends_TheAnswerIsWhole([Values] bool stream)
    {
        await using var simulator = await StartAsync(Fault.Stall(afterChunks: 2, TimeSpan.FromMinutes(1)));
        using var client = new RawClient(simulator);

        var response = await client.OpenAIAsync(RawClient.OpenAI(Sample.Question, stream: stream));
        var text = stream
            ? RawClient.TextOf(await RawClient.EventsAsync(response))
            : (string?)(await RawClient.JsonAsync(response))["choices"]![0]!["message"]!["content"];

        Assert.That(text, Is.EqualTo(Sample.Answer));
        AssertBilled(simulator, "small", Sample.Answer, RequestOutcome.Answered);
    }

    [Test]
    public async Task SlowHeaders_ClientGoesAway_BillsInputOnly([Values] bool stream)
    {
        var arrived = new TaskCompletionSource();
        using var patience = new CancellationTokenSource();
        await using var simulator = await Sample.StartAsync(options =>
            options.Faults.When(_ => arrived.TrySetResult(), Fault.SlowHeaders(Timeout.InfiniteTimeSpan)));
        using var client = new RawClient(simulator);

        var response = client.OpenAIAsync(RawClient.OpenAI(Sample.Question, stream: stream), patience.Token);
        await arrived.Task;
        await patience.CancelAsync();
        Assert.That(() => response, Throws.InstanceOf<OperationCanceledException>());
        await simulator.WhenIdleAsync();

        AssertBilled(simulator, "small", "", RequestOutcome.Abandoned);
    }

    [Test]
    public async Task SlowFirstContent_HeadersComeFirst_BillsInputOnlyIfAbandoned()
    {
        await using var simulator = await Sample.StartAsync(options =>
            options.Faults.Always(Fault.SlowFirstContent(Timeout.InfiniteTimeSpan)));
        using var client = new RawClient(simulator);

        var response = await client.OpenAIAsync(RawClient.OpenAI(Sample.Question, stream: true));
        response.Dispose();
        await simulator.WhenIdleAsync();

        AssertBilled(simulator, "small", "", RequestOutcome.Abandoned);
    }

    [Test]
    public async Task Dispose_StalledForEver_EndsIt()
    {
        var simulator = await StartAsync(Fault.Stall(afterChunks: 0));
        using var client = new RawClient(simulator);
        using var response = await client.OpenAIAsync(RawClient.OpenAI(Sample.Question, stream: true));

        await simulator.DisposeAsync();

        AssertBilled(simulator, "small", "", RequestOutcome.Abandoned);
    }

    private static Task<ProviderSimulator> StartAsync(Fault fault) => Sample.StartAsync(options =>
    {
        options.TimeProvider = new InstantTime();
        options.Faults.Always(fault);
    });

    private static void AssertBilled(ProviderSimulator simulator, string model, string written, RequestOutcome outcome)
    {
        var usage = simulator.Meter.Snapshot().Of(model);
        Assert.That(usage.Tokens, Is.EqualTo(new TokenCounts(Input, 0, 0, TokenEstimator.Estimate(written), 0)));
        Assert.That(simulator.Requests.Count(model, outcome), Is.EqualTo(1));
    }
}
