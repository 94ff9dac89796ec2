using LlmKit.Models;
using LlmKit.Simulator.Metering;
using NUnit.Framework;

namespace LlmKit.Integration.Tests.Simulator;

public sealed class MeterTests
{
    private static readonly int Input = TokenEstimator.Estimate(Sample.Question) + TokenEstimator.TokensPerMessage;
    private static readonly int Output = TokenEstimator.Estimate(Sample.Answer);

    [Test]
    public async Task Snapshot_ConcurrentRequests_CountsEveryOne()
    {
        await using var simulator = await Sample.StartAsync();
        using var client = new RawClient(simulator);

        await Parallel.ForEachAsync(Enumerable.Range(0, 60), new ParallelOptions { MaxDegreeOfParallelism = 12 }, async (i, cancellationToken) =>
        {
            using var response = await client.OpenAIAsync(RawClient.OpenAI(Sample.Question, stream: i % 2 == 0), cancellationToken);
            await response.Content.ReadAsStringAsync(cancellationToken);
        });

        var usage = simulator.Meter.Snapshot().Of("small");
        Assert.That(usage, Is.EqualTo(new ModelUsage(60, new(60 * Input, 0, 0, 60 * Output, 0))));
        Assert.That(simulator.Requests.Count(RequestOutcome.Answered), Is.EqualTo(60));
        Assert.That(simulator.Requests.Total, Is.EqualTo(60));
    }

    [Test]
    public async Task Cost_PriceTable_ChargesEveryTokenOnceAtItsRate()
    {
        await using var simulator = await Sample.StartAsync(options => options.PromptCacheMinTokens = 1);
        using var client = new RawClient(simulator);
        var body = """{"model":"small","messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"hello"}]}""";

        await client.OpenAIAsync(body);
        var json = await RawClient.JsonAsync(await client.OpenAIAsync(body));

        var cached = (int)json["usage"]!["prompt_tokens_details"]!["cached_tokens"]!;
        var tokens = simulator.Meter.Snapshot().Total.Tokens;
        Assert.That(cached, Is.EqualTo(TokenEstimator.Estimate("Be kind.") + TokenEstimator.TokensPerMessage));
        Assert.That(tokens.CachedInput, Is.EqualTo(cached));
        Assert.That(
            simulator.Meter.Snapshot().Cost(_ => new TokenPrices(Input: 10, Output: 100, CachedInput: 1)),
            Is.EqualTo(((tokens.Input - cached) * 10m + cached * 1m + tokens.Output * 100m) / 1_000_000m));
    }

    [Test]
    public async Task Reasoning_Model_IsPartOfOutputAndWithinTheLimit()
    {
        await using var simulator = await Sample.StartAsync(options => options.ReasoningTokens["small"] = 50);
        using var client = new RawClient(simulator);

        var free = await RawClient.JsonAsync(await client.OpenAIAsync(RawClient.OpenAI(Sample.Question)));
        var limited = await RawClient.JsonAsync(await client.OpenAIAsync(RawClient.OpenAI(Sample.Question, more: ""","max_tokens":40""")));

        Assert.That((int)free["usage"]!["completion_tokens"]!, Is.EqualTo(50 + Output));
        Assert.That((int)free["usage"]!["completion_tokens_details"]!["reasoning_tokens"]!, Is.EqualTo(50));
        Assert.That((int)limited["usage"]!["completion_tokens"]!, Is.EqualTo(40));
        Assert.That((string?)limited["choices"]![0]!["finish_reason"], Is.EqualTo("length"));
        Assert.That(simulator.Meter.Snapshot().Of("small").Tokens.Output, Is.EqualTo(90 + Output));
    }

    [Test]
    public async Task Input_ToolsCallsAndResults_AreCounted()
    {
        await using var simulator = await Sample.StartAsync();
        using var client = new RawClient(simulator);
        var body = """
            {"model":"small","messages":[
              {"role":"user","content":"Where is my order AB-1234?"},
              {"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"order_status","arguments":"{ \"order\": \"AB-1234\" }"}}]},
              {"role":"tool","tool_call_id":"c","content":"on its way"}],
             "tools":[{"type":"function","function":{"name":"order_status","description":"Looks an order up.","parameters":{ "type" : "object" }}}]}
            """;

        var json = await RawClient.JsonAsync(await client.OpenAIAsync(body));

        string[] counted = [Sample.ToolQuestion, "order_status", """{"order":"AB-1234"}""", "on its way", "order_status", "Looks an order up.", """{"type":"object"}"""];
        var expected = counted.Sum(text => TokenEstimator.Estimate(text)) + 3 * TokenEstimator.TokensPerMessage;
        Assert.That((int)json["usage"]!["prompt_tokens"]!, Is.EqualTo(expected));
    }

    [Test]
    public async Task Answer_SameRequest_IsTheSameInAnotherSimulator([Values] bool stream)
    {
        var (one, another) = (await BodyAsync(), await BodyAsync());

        Assert.That(another, Is.EqualTo(one));

        async Task<string> BodyAsync()
        {
            await using var simulator = await Sample.StartAsync(options => options.TimeProvider = new Support.InstantTime());
            using var client = new RawClient(simulator);
            using var response = await client.OpenAIAsync(RawClient.OpenAI(Sample.Question, stream: stream));
            return await response.Content.ReadAsStringAsync();
        }
    }
}
