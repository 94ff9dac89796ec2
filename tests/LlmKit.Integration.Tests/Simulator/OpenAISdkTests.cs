using System.ClientModel;
using System.ClientModel.Primitives;
using LlmKit.Models;
using LlmKit.Simulator;
using NUnit.Framework;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Embeddings;

namespace LlmKit.Integration.Tests.Simulator;

public sealed class OpenAISdkTests
{
    private static readonly ChatTool OrderStatus =
        ChatTool.CreateFunctionTool("order_status", "Looks an order up.", BinaryData.FromString(Sample.ToolSchema));

    [Test]
    public async Task CompleteChat_SystemNamesTheCustomer_AnswerNamesHim()
    {
        await using var simulator = await Sample.StartAsync(options => options.ApiKeys.Add(Sample.Key));

        ChatCompletion completion = await Chat(simulator).CompleteChatAsync(
            [new SystemChatMessage("Be kind.\nCustomer: Ada Byron"), new UserChatMessage(Sample.Question)]);

        Assert.That(completion.Content[0].Text, Does.StartWith("Dear Ada Byron, open"));
        Assert.That(completion.FinishReason, Is.EqualTo(ChatFinishReason.Stop));
        Assert.That(simulator.Meter.Snapshot().Of("small").Tokens.Input, Is.EqualTo(completion.Usage.InputTokenCount));
        Assert.That(simulator.Meter.Snapshot().Of("small").Tokens.Output, Is.EqualTo(completion.Usage.OutputTokenCount));
    }

    [Test]
    public async Task CompleteChatStreaming_KnownQuestion_StreamsTextAndUsage()
    {
        await using var simulator = await Sample.StartAsync();
        var (text, finish, usage) = ("", (ChatFinishReason?)null, (ChatTokenUsage?)null);

        await foreach (var update in Chat(simulator).CompleteChatStreamingAsync(new UserChatMessage(Sample.Question)))
        {
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            finish ??= update.FinishReason;
            usage ??= update.Usage;
        }

        Assert.That(text, Is.EqualTo(Sample.Answer));
        Assert.That(finish, Is.EqualTo(ChatFinishReason.Stop));
        Assert.That(usage!.OutputTokenCount, Is.EqualTo(TokenEstimator.Estimate(Sample.Answer)));
    }

    [Test]
    public async Task CompleteChat_ToolOffered_CallsItThenAnswersWithItsResult()
    {
        await using var simulator = await Sample.StartAsync();
        var chat = Chat(simulator);
        var options = new ChatCompletionOptions { Tools = { OrderStatus } };
        List<ChatMessage> messages = [new UserChatMessage(Sample.ToolQuestion)];

        ChatCompletion asks = await chat.CompleteChatAsync(messages, options);
        messages.Add(new AssistantChatMessage(asks));
        messages.Add(new ToolChatMessage(asks.ToolCalls[0].Id, "on its way"));
        ChatCompletion answers = await chat.CompleteChatAsync(messages, options);

        Assert.That(asks.FinishReason, Is.EqualTo(ChatFinishReason.ToolCalls));
        Assert.That(asks.ToolCalls[0].FunctionArguments.ToString(), Is.EqualTo("""{"order":"AB-1234"}"""));
        Assert.That(answers.Content[0].Text, Is.EqualTo("Your order is on its way."));
    }

    [Test]
    public async Task CompleteChatStreaming_ToolOffered_StreamsTheArguments()
    {
        await using var simulator = await Sample.StartAsync();
        var (id, name, arguments) = ("", "", "");

        await foreach (var update in Chat(simulator).CompleteChatStreamingAsync(
            [new UserChatMessage(Sample.ToolQuestion)], new ChatCompletionOptions { Tools = { OrderStatus } }))
        {
            foreach (var call in update.ToolCallUpdates)
            {
                id += call.ToolCallId;
                name += call.FunctionName;
                arguments += call.FunctionArgumentsUpdate;
            }
        }

        Assert.That(id, Does.StartWith("call_"));
        Assert.That(name, Is.EqualTo("order_status"));
        Assert.That(arguments, Is.EqualTo("""{"order":"AB-1234"}"""));
        var expected = TokenEstimator.Estimate("order_status") + TokenEstimator.Estimate(arguments);
        Assert.That(simulator.Meter.Snapshot().Of("small").Tokens.Output, Is.EqualTo(expected));
    }

    [Test]
    public async Task CompleteChat_WrongKey_Is401()
    {
        await using var simulator = await Sample.StartAsync(options => options.ApiKeys.Add("another"));

        var failure = Assert.ThrowsAsync<ClientResultException>(() => Chat(simulator).CompleteChatAsync(new UserChatMessage("hi")));

        Assert.That(failure!.Status, Is.EqualTo(401));
    }

    [Test]
    public async Task GenerateEmbeddings_TwoTexts_GivesTwoUnitVectors()
    {
        await using var simulator = await Sample.StartAsync();
        var client = new EmbeddingClient("embed", new ApiKeyCredential(Sample.Key), Options(simulator));

        OpenAIEmbeddingCollection embeddings = await client.GenerateEmbeddingsAsync(["How do I get my money back?", "The lamp is broken."]);

        Assert.That(embeddings, Has.Count.EqualTo(2));
        Assert.That(embeddings[0].ToFloats().Length, Is.EqualTo(256));
        Assert.That(embeddings[0].ToFloats().ToArray().Sum(value => value * value), Is.EqualTo(1).Within(1e-5));
        Assert.That(simulator.Meter.Snapshot().Of("embed").Tokens.Input, Is.EqualTo(embeddings.Usage.InputTokenCount));
    }

    private static ChatClient Chat(ProviderSimulator simulator) => new("small", new ApiKeyCredential(Sample.Key), Options(simulator));

    private static OpenAIClientOptions Options(ProviderSimulator simulator) =>
        new() { Endpoint = simulator.OpenAIEndpoint, RetryPolicy = new ClientRetryPolicy(maxRetries: 0) };
}
