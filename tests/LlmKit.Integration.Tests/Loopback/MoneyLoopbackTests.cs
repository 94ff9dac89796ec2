using LlmKit.Calls;
using LlmKit.Control.Budgets.Ledger;
using LlmKit.Integration.Tests.Simulator;
using LlmKit.Integration.Tests.Support;
using LlmKit.Simulator;
using LlmKit.Simulator.Faults;
using LlmKit.Simulator.Metering;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Integration.Tests.Loopback;

/// <summary>Four accounts of the same money: calls, interaction, ledger, and the provider's own meter.</summary>
[TestFixture(true, true)]
[TestFixture(true, false)]
[TestFixture(false, true)]
[TestFixture(false, false)]
public sealed class MoneyLoopbackTests(bool openAI, bool streamed)
{
    private const decimal Input = 1.234567m;
    private const decimal Output = 9.876543m;

    private readonly List<LlmCall> _calls = [];

    [Test]
    public async Task Ask_AToolLoopWithAFailureAndAHit_IsTheSameMoneyInEveryAccount()
    {
        await using var simulator = await Sample.StartAsync(options => options.Faults.OnText("X200", Fault.ServerError(), firstTries: 1));
        await using var services = Pipeline(simulator);
        var chat = services.GetRequiredService<IChatClient>();
        var interaction = new LlmInteraction();

        // The loop stands outside the pipeline: each of its rounds is a call.
        List<ChatMessage> messages = [new(ChatRole.User, Sample.ToolQuestion)];
        var asks = await AskAsync(chat, messages, interaction);
        messages.AddRange(asks.Messages);
        messages.Add(new(ChatRole.Tool, [new FunctionResultContent(asks.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Single().CallId, "on its way")]));
        await AskAsync(chat, messages, interaction);
        for (var i = 0; i < 2; i++)
            await AskAsync(chat, [new(ChatRole.User, Sample.Question)], interaction);

        var metered = simulator.Meter.Snapshot().Cost(_ => new TokenPrices(Input, Output));
        var spent = await services.GetRequiredService<IBudgetLedger>().ReadAsync(BudgetAccount.ForEver("all", BudgetScope.Global, ""), DateTimeOffset.UtcNow, CancellationToken.None);
        Assert.That((interaction.Calls, interaction.ToolCalls, interaction.Attempts), Is.EqualTo((4, 1, 4)));
        Assert.That(_calls[^1].Cost, Is.Zero, "The last was a hit.");
        Assert.That(_calls.Sum(call => call.Cost), Is.EqualTo(metered).And.GreaterThan(0));
        Assert.That(interaction.Cost, Is.EqualTo(metered));
        Assert.That(spent.Spent.Money.ToUsd(), Is.EqualTo(metered));
        Assert.That(interaction.Usage.Total, Is.EqualTo(spent.Spent.Tokens));
    }

    private Task<ChatResponse> AskAsync(IChatClient chat, List<ChatMessage> messages, LlmInteraction interaction)
    {
        var options = new LlmCallOptions
        {
            Interaction = interaction,
            OnCompleted = _calls.Add,
            Tools = messages[0].Text == Sample.ToolQuestion ? [new NamedFunction("order_status", Sample.ToolSchema, description: "Looks an order up.")] : null,
        };
        return streamed ? chat.GetStreamingResponseAsync(messages, options).ToChatResponseAsync() : chat.GetResponseAsync(messages, options);
    }

    private ServiceProvider Pipeline(ProviderSimulator simulator)
    {
        var services = new ServiceCollection();
        var pipeline = services.AddLlmPipeline();
        if (openAI)
            pipeline.AddOpenAIModel("main", "small", o => (o.ApiKey, o.Endpoint, o.Price) = (Sample.Key, simulator.OpenAIEndpoint, new(Input, Output)));
        else
            pipeline.AddAnthropicModel("main", "small", o => (o.ApiKey, o.Endpoint, o.Price) = (Sample.Key, simulator.BaseUri, new(Input, Output)));
        pipeline.UseBudget(budget => budget.Global("all", 1_000, BudgetWindow.Lifetime)).UseSemanticCache().UseResilience(resilience => resilience.BaseDelay = TimeSpan.FromMilliseconds(1));
        return services.BuildServiceProvider();
    }
}
