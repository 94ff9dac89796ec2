using System.ClientModel;
using System.ClientModel.Primitives;
using Anthropic.Exceptions;
using LlmKit.Simulator;
using LlmKit.Simulator.Faults;
using Microsoft.Extensions.AI;
using NUnit.Framework;
using OpenAI;
using OpenAI.Chat;

namespace LlmKit.Integration.Tests.Simulator.Faults;

/// <summary>What the official SDKs make of the faults.</summary>
public sealed class SdkFaultTests
{
    [TestCase(429)]
    [TestCase(500)]
    [TestCase(503)]
    public async Task OpenAI_HttpError_HasItsStatusAndHeaders(int status)
    {
        await using var simulator = await Sample.StartAsync(options => options.Faults.Always(status switch
        {
            429 => Fault.RateLimited(TimeSpan.FromSeconds(3)),
            500 => Fault.ServerError(),
            _ => Fault.Unavailable(TimeSpan.FromSeconds(3)),
        }));

        var failure = Assert.ThrowsAsync<ClientResultException>(() => OpenAIChat(simulator).CompleteChatAsync(new UserChatMessage("hi")));

        Assert.That(failure!.Status, Is.EqualTo(status));
        Assert.That(failure.GetRawResponse()!.Headers.TryGetValue("Retry-After", out var value), Is.EqualTo(status != 500));
        Assert.That(value, status == 500 ? Is.Null : Is.EqualTo("3"));
    }

    [Test]
    public async Task OpenAI_ResetInStream_ThrowsAfterTheText()
    {
        await using var simulator = await Sample.StartAsync(options => options.Faults.Always(Fault.Reset(afterChunks: 2)));

        var (text, failure) = await ReadOpenAIAsync(simulator);

        Assert.That(text, Is.EqualTo("Dear customer, open the lid at"));
        Assert.That(failure, Is.InstanceOf<IOException>());
    }

    [Test]
    public async Task OpenAI_EndsEarly_EndsSilently()
    {
        await using var simulator = await Sample.StartAsync(options => options.Faults.Always(Fault.EndsEarly(afterChunks: 2)));

        var (text, failure) = await ReadOpenAIAsync(simulator);

        Assert.That(text, Is.EqualTo("Dear customer, open the lid at"));
        Assert.That(failure, Is.Null);
    }

    [Test]
    public async Task OpenAI_PromptFiltered_NamesTheCode()
    {
        await using var simulator = await Sample.StartAsync(options => options.Faults.Always(Fault.PromptFiltered()));

        var failure = Assert.ThrowsAsync<ClientResultException>(() => OpenAIChat(simulator).CompleteChatAsync(new UserChatMessage("hi")));

        Assert.That(failure!.Message, Does.Contain("content_filter"));
    }

    [Test]
    public async Task Anthropic_HttpErrors_AreTheSdksExceptions()
    {
        await using var simulator = await Sample.StartAsync(options => options.Faults
            .OnText("limit", Fault.RateLimited()).OnText("overload", Fault.Overloaded()).OnText("down", Fault.Unavailable()));
        using var chat = AnthropicSdkTests.Chat(simulator);

        Assert.That(() => chat.GetResponseAsync("limit"), Throws.InstanceOf<AnthropicRateLimitException>());
        Assert.That(() => chat.GetResponseAsync("overload"), Throws.InstanceOf<AnthropicOverloadedException>());
        Assert.That(() => chat.GetResponseAsync("down"), Throws.InstanceOf<AnthropicServiceUnavailableException>());
    }

    [Test]
    public async Task Anthropic_ErrorInStream_IsTheSdksSseException()
    {
        await using var simulator = await Sample.StartAsync(options => options.Faults.Always(Fault.ErrorInStream()));
        using var chat = AnthropicSdkTests.Chat(simulator);

        Assert.That(
            () => chat.GetStreamingResponseAsync(Sample.Question).ToChatResponseAsync(),
            Throws.InstanceOf<AnthropicSseException>());
    }

    private static ChatClient OpenAIChat(ProviderSimulator simulator) => new(
        "small",
        new ApiKeyCredential(Sample.Key),
        new OpenAIClientOptions { Endpoint = simulator.OpenAIEndpoint, RetryPolicy = new ClientRetryPolicy(maxRetries: 0) });

    private static async Task<(string Text, Exception? Failure)> ReadOpenAIAsync(ProviderSimulator simulator)
    {
        var text = "";
        try
        {
            await foreach (var update in OpenAIChat(simulator).CompleteChatStreamingAsync(new UserChatMessage(Sample.Question)))
                text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            return (text, null);
        }
        catch (IOException failure)
        {
            return (text, failure);
        }
    }
}
