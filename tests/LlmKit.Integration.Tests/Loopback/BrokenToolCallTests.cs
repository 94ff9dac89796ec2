using LlmKit.Calls;
using LlmKit.Integration.Tests.Simulator;
using LlmKit.Integration.Tests.Support;
using LlmKit.Simulator;
using LlmKit.Simulator.Faults;
using LlmKit.Simulator.Metering;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Integration.Tests.Loopback;

/// <summary>A tool call that breaks off is shown to nobody and billed all the same.</summary>
[TestFixture(true)]
[TestFixture(false)]
public sealed class BrokenToolCallTests(bool openAI)
{
    private const decimal Input = 1.234567m;
    private const decimal Output = 9.876543m;

    private static IEnumerable<Fault> Breaks()
    {
        foreach (var pieces in new[] { 1, 2, 3 })
        {
            yield return Fault.EndsEarly(pieces);
            yield return Fault.Reset(pieces);
            yield return Fault.ErrorInStream(pieces);
        }
    }

    [TestCaseSource(nameof(Breaks))]
    public async Task Stream_BreaksInAToolCall_CostsWhatWasWritten(Fault fault)
    {
        await using var simulator = await Sample.StartAsync(options => options.Faults.Always(fault));
        await using var services = Pipeline(simulator);
        LlmCall? call = null;

        var shown = new List<AIContent>();
        Assert.CatchAsync(async () =>
        {
            await foreach (var update in Ask(services, ended => call = ended))
                shown.AddRange(update.Contents);
        });

        Assert.That(shown.OfType<FunctionCallContent>(), Is.Empty);
        Assert.That(call!.Cost, Is.EqualTo(Metered(simulator)).And.GreaterThan(0));
    }

    [Test, CancelAfter(30_000)]
    public async Task Stream_LeftInAToolCall_CostsWhatWasWritten(CancellationToken cancellationToken)
    {
        // OpenAI begins with the role and the name of the call, Anthropic with the message and the call; then come the pieces.
        var updates = 2 + 2;
        await using var simulator = await Sample.StartAsync(options => options.Faults.Always(Fault.Stall(afterChunks: 2)));
        await using var services = Pipeline(simulator);
        LlmCall? call = null;

        await foreach (var _ in Ask(services, ended => call = ended).WithCancellation(cancellationToken))
        {
            if (--updates == 0)
                break;
        }

        await simulator.WhenIdleAsync(cancellationToken);
        Assert.That(call!.Cost, Is.EqualTo(Metered(simulator)).And.GreaterThan(0));
    }

    [Test]
    public async Task Stream_WholeToolCallWithoutUsage_IsCountedOnce()
    {
        await using var simulator = await Sample.StartAsync(options => options.Faults.Always(Fault.ErrorInStream(1_000)));
        await using var services = Pipeline(simulator);
        LlmCall? call = null;

        Assert.CatchAsync(async () =>
        {
            await foreach (var update in Ask(services, ended => call = ended))
                Assert.That(update.AdditionalProperties?.Keys ?? [], Has.None.StartsWith("llmkit."));
        });

        Assert.That(call!.Cost, Is.EqualTo(Metered(simulator)));
    }

    private static decimal Metered(ProviderSimulator simulator) => simulator.Meter.Snapshot().Cost(_ => new TokenPrices(Input, Output));

    private static IAsyncEnumerable<ChatResponseUpdate> Ask(ServiceProvider services, Action<LlmCall> ended) =>
        services.GetRequiredService<IChatClient>().GetStreamingResponseAsync(
            Sample.ToolQuestion,
            new LlmCallOptions { OnCompleted = ended, Tools = [new NamedFunction("order_status", Sample.ToolSchema, description: "Looks an order up.")] });

    private ServiceProvider Pipeline(ProviderSimulator simulator)
    {
        var services = new ServiceCollection();
        var pipeline = services.AddLlmPipeline();
        if (openAI)
            pipeline.AddOpenAIModel("main", "small", o => (o.ApiKey, o.Endpoint, o.Price) = (Sample.Key, simulator.OpenAIEndpoint, new(Input, Output)));
        else
            pipeline.AddAnthropicModel("main", "small", o => (o.ApiKey, o.Endpoint, o.Price) = (Sample.Key, simulator.BaseUri, new(Input, Output)));
        return services.BuildServiceProvider();
    }
}
