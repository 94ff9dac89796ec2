using System.Text.Json;
using Anthropic;
using Anthropic.Exceptions;
using LlmKit.Models;
using LlmKit.Simulator;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Integration.Tests.Simulator;

public sealed class AnthropicSdkTests
{
    [Test]
    public async Task GetResponse_SystemNamesTheCustomer_AnswerNamesHim()
    {
        await using var simulator = await Sample.StartAsync(options => options.ApiKeys.Add(Sample.Key));

        var response = await Chat(simulator).GetResponseAsync(
            [new(ChatRole.System, "Be kind.\nCustomer: Ada Byron"), new(ChatRole.User, Sample.Question)]);

        Assert.That(response.Text, Does.StartWith("Dear Ada Byron, open"));
        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.Stop));
        Assert.That(simulator.Meter.Snapshot().Of("strong").Tokens.Input, Is.EqualTo(response.Usage!.InputTokenCount));
        Assert.That(simulator.Meter.Snapshot().Of("strong").Tokens.Output, Is.EqualTo(response.Usage.OutputTokenCount));
    }

    [Test]
    public async Task GetStreamingResponse_KnownQuestion_StreamsTextAndUsage()
    {
        await using var simulator = await Sample.StartAsync();

        var updates = await ReadAsync(Chat(simulator), Sample.Question);
        var response = updates.ToChatResponse();

        Assert.That(response.Text, Is.EqualTo(Sample.Answer));
        Assert.That(updates, Has.Count.GreaterThan(3));
        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.Stop));
        Assert.That(simulator.Meter.Snapshot().Of("strong").Tokens.Output, Is.EqualTo(TokenEstimator.Estimate(Sample.Answer)));
    }

    [Test]
    public async Task Both_ToolOffered_CallItThenAnswerWithItsResult([Values] bool stream)
    {
        await using var simulator = await Sample.StartAsync();
        using var schema = JsonDocument.Parse(Sample.ToolSchema);
        var options = new ChatOptions { Tools = [AIFunctionFactory.CreateDeclaration("order_status", "Looks an order up.", schema.RootElement)] };
        List<ChatMessage> messages = [new(ChatRole.User, Sample.ToolQuestion)];

        var asks = await AskAsync(Chat(simulator), messages, options, stream);
        var call = asks.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Single();
        messages.AddRange(asks.Messages);
        messages.Add(new(ChatRole.Tool, [new FunctionResultContent(call.CallId, "on its way")]));
        var answers = await AskAsync(Chat(simulator), messages, options, stream);

        Assert.That(call.Name, Is.EqualTo("order_status"));
        Assert.That(call.Arguments!["order"]!.ToString(), Is.EqualTo("AB-1234"));
        Assert.That(answers.Text, Is.EqualTo("Your order is on its way."));
    }

    [Test]
    public async Task GetResponse_WrongKey_IsUnauthorized()
    {
        await using var simulator = await Sample.StartAsync(options => options.ApiKeys.Add("another"));

        Assert.That(() => Chat(simulator).GetResponseAsync("hi"), Throws.InstanceOf<AnthropicUnauthorizedException>());
        Assert.That(simulator.Requests.Count("strong", LlmKit.Simulator.Metering.RequestOutcome.Refused), Is.EqualTo(1));
    }

    internal static IChatClient Chat(ProviderSimulator simulator) => new AnthropicClient
    {
        ApiKey = Sample.Key,
        BaseUrl = simulator.BaseUri.ToString().TrimEnd('/'),
        MaxRetries = 0,
    }.AsIChatClient("strong", 1_000);

    private static async Task<ChatResponse> AskAsync(IChatClient chat, List<ChatMessage> messages, ChatOptions options, bool stream) =>
        stream
            ? await chat.GetStreamingResponseAsync(messages, options).ToChatResponseAsync()
            : await chat.GetResponseAsync(messages, options);

    private static async Task<List<ChatResponseUpdate>> ReadAsync(IChatClient chat, string question)
    {
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in chat.GetStreamingResponseAsync(question))
            updates.Add(update);
        return updates;
    }
}
