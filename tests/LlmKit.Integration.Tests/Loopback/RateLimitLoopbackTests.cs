using LlmKit.Integration.Tests.Simulator;
using LlmKit.Simulator;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Integration.Tests.Loopback;

/// <summary>A model's limits under a provider that has its own, over real SDKs and real sockets.</summary>
[TestFixture(true, true)]
[TestFixture(true, false)]
[TestFixture(false, true)]
[TestFixture(false, false)]
public sealed class RateLimitLoopbackTests(bool openAI, bool streamed)
{
    [Test]
    public async Task Ask_AProviderThatLetsLessPassThanWeThought_IsBelievedAndNeverRefusesUs()
    {
        await using var simulator = await Sample.StartAsync(options => options.RequestsPerMinute["small"] = 3);
        using var services = Pipeline(simulator, limits => (limits.RequestsPerMinute, limits.Queue) = (4, 0));
        var chat = services.GetRequiredService<IChatClient>();
        for (var i = 0; i < 3; i++)
            Assert.That(await AskAsync(chat), Is.Null);

        var refusal = (await AskAsync(chat)) as RateLimitExceededException;

        Assert.That(refusal, Is.Not.Null);
        Assert.That(simulator.Received.Count, Is.EqualTo(3));
    }

    [Test]
    public async Task Ask_AProviderThatSaysWhatIsLeft_LeavesNothingOfItOnTheAnswer()
    {
        await using var simulator = await Sample.StartAsync(options => options.RequestsPerMinute["small"] = 3);
        using var services = Pipeline(simulator, _ => { });
        var chat = services.GetRequiredService<IChatClient>();

        var updates = streamed
            ? await chat.GetStreamingResponseAsync(Sample.Question).ToListAsync()
            : [.. (await chat.GetResponseAsync(Sample.Question)).ToChatResponseUpdates()];

        Assert.That(updates.Select(update => update.AdditionalProperties?.ContainsKey(ProviderLimits.Key)), Has.None.True);
    }

    private async Task<Exception?> AskAsync(IChatClient chat)
    {
        try
        {
            _ = streamed ? (await chat.GetStreamingResponseAsync(Sample.Question).ToListAsync()).ToChatResponse() : await chat.GetResponseAsync(Sample.Question);
            return null;
        }
        catch (LlmException exception)
        {
            return exception;
        }
    }

    private ServiceProvider Pipeline(ProviderSimulator simulator, Action<ModelLimits> limits)
    {
        var services = new ServiceCollection();
        var pipeline = services.AddLlmPipeline();
        if (openAI)
            pipeline.AddOpenAIModel("main", "small", o => { (o.ApiKey, o.Endpoint) = (Sample.Key, simulator.OpenAIEndpoint); limits(o.Limits); });
        else
            pipeline.AddAnthropicModel("main", "small", o => { (o.ApiKey, o.Endpoint) = (Sample.Key, simulator.BaseUri); limits(o.Limits); });
        return services.BuildServiceProvider();
    }
}
