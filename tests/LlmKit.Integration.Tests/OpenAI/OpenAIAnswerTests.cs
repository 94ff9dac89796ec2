using LlmKit.Integration.Tests.Support;
using LlmKit.OpenAI.Failures;
using Microsoft.Extensions.AI;
using NUnit.Framework;
using OpenAI;
using Sdk = OpenAI.Chat;

namespace LlmKit.Integration.Tests.OpenAI;

public sealed class OpenAIAnswerTests
{
    [Test]
    public async Task GetResponseAsync_Text_CarriesItsFacts()
    {
        var response = await AskAsync(OpenAIWire.Completion());

        Assert.That(response.Text, Is.EqualTo("Hello."));
        Assert.That(response.ResponseId, Is.EqualTo("chatcmpl-1"));
        Assert.That(response.Messages[0].MessageId, Is.EqualTo("chatcmpl-1"));
        Assert.That(response.ModelId, Is.EqualTo("small-2026"));
        Assert.That(response.CreatedAt, Is.EqualTo(DateTimeOffset.FromUnixTimeSeconds(1700000000)));
        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.Stop));
        Assert.That((response.AdditionalProperties!["SystemFingerprint"], response.AdditionalProperties["ServiceTier"]), Is.EqualTo(("fp_1", "priority")));
        Assert.That(response.RawRepresentation, Is.InstanceOf<Sdk.ChatCompletion>());
    }

    [Test]
    public async Task GetResponseAsync_Usage_CountsCachedInInputAndReasoningInOutput()
    {
        var usage = (await AskAsync(OpenAIWire.Completion())).Usage!;

        Assert.That(usage.InputTokenCount, Is.EqualTo(30));
        Assert.That(usage.CachedInputTokenCount, Is.EqualTo(20));
        Assert.That(usage.OutputTokenCount, Is.EqualTo(12));
        Assert.That(usage.ReasoningTokenCount, Is.EqualTo(5));
        Assert.That(usage.TotalTokenCount, Is.EqualTo(42));
    }

    [Test]
    public async Task GetResponseAsync_ThinkingCountedInTheTotalOnly_IsOutput()
    {
        var usage = (await AskAsync(OpenAIWire.Completion(usage: """{"prompt_tokens":30,"completion_tokens":12,"total_tokens":142}"""))).Usage!;

        Assert.That(usage.OutputTokenCount, Is.EqualTo(112));
        Assert.That(usage.TotalTokenCount, Is.EqualTo(142));
    }

    [TestCase("null")]
    [TestCase("{}")]
    [TestCase("""{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}""")]
    public async Task GetResponseAsync_NoUsage_IsNullAndNotFree(string usage)
    {
        var response = await AskAsync(OpenAIWire.Completion(usage: usage));

        Assert.That(response.Usage, Is.Null);
    }

    [TestCase("stop", "stop")]
    [TestCase("length", "length")]
    [TestCase("content_filter", "content_filter")]
    [TestCase("tool_calls", "tool_calls")]
    [TestCase("function_call", "tool_calls")]
    public async Task GetResponseAsync_FinishReason_IsMapped(string wire, string expected)
    {
        var response = await AskAsync(OpenAIWire.Completion(finish: wire));

        Assert.That(response.FinishReason?.Value, Is.EqualTo(expected));
    }

    [Test]
    public async Task GetResponseAsync_NoFinishReason_HasNone()
    {
        var response = await AskAsync(OpenAIWire.Completion(message: """{"role":"assistant","content":"my \"finish_reason\" is none"}""", finish: null));

        Assert.That(response.FinishReason, Is.Null);
    }

    [Test]
    public async Task GetResponseAsync_Refusal_IsAnErrorContentAndFiltered()
    {
        var response = await AskAsync(OpenAIWire.Completion("""{"role":"assistant","content":null,"refusal":"I cannot."}"""));

        var refusal = (ErrorContent)response.Messages[0].Contents.Single();
        Assert.That(refusal.Message, Is.EqualTo("I cannot."));
        Assert.That(refusal.ErrorCode, Is.EqualTo("refusal"));
        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.ContentFilter));
        Assert.That(response.Text, Is.Empty);
    }

    [Test]
    public async Task GetResponseAsync_ToolCalls_AreParsed()
    {
        var response = await AskAsync(OpenAIWire.Completion("""
            {"role":"assistant","content":null,"tool_calls":[
            {"id":"c1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Oslo\"}"}},
            {"id":"c2","type":"function","function":{"name":"now","arguments":""}},
            {"id":"c3","type":"function","function":{"name":"cut","arguments":"{\"a\":"}}]}
            """, "tool_calls"));

        var calls = response.Messages[0].Contents.Cast<FunctionCallContent>().ToList();
        Assert.That(calls.Select(c => $"{c.CallId} {c.Name}"), Is.EqualTo(new[] { "c1 weather", "c2 now", "c3 cut" }));
        Assert.That(calls[0].Arguments!["city"]!.ToString(), Is.EqualTo("Oslo"));
        Assert.That(calls[1].Arguments, Is.Empty);
        Assert.That(calls[1].Exception, Is.Null);
        Assert.That(calls[2].Exception, Is.Not.Null);
        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.ToolCalls));
    }

    [TestCase("reasoning_content")]
    [TestCase("reasoning")]
    public async Task GetResponseAsync_ThinkingOfACompatibleServer_IsReasoning(string field)
    {
        var response = await AskAsync(OpenAIWire.Completion($$"""{"role":"assistant","content":"4","{{field}}":"2+2"}"""));

        Assert.That(response.Messages[0].Contents.OfType<TextReasoningContent>().Single().Text, Is.EqualTo("2+2"));
        Assert.That(response.Text, Is.EqualTo("4"));
    }

    [TestCase("<html>busy</html>")]
    [TestCase("")]
    [TestCase("""{"id":"x","choices":[]}""")]
    [TestCase("""{"id":"x"}""")]
    [TestCase("""{"choices":[{"message":{"content":"x"},"finish_reason":"exploded"}]}""")]
    [TestCase("""{"choices":[{"message":{"content":"x","tool_calls":[{"id":"c","function":{"name":"f","arguments":{}}}]},"finish_reason":"stop"}]}""")]
    public void GetResponseAsync_AnswerThatIsNone_IsAnErrorThatQuotesNothing(string body) =>
        Assert.That(() => AskAsync(body), Throws.TypeOf<UnreadableAnswerException>()
            .With.Message.Not.Contains("busy").And.Message.Not.Contains("exploded").And.InnerException.Null);

    [Test]
    public void GetResponseAsync_ErrorInsideAnOkAnswer_IsThrown() =>
        Assert.That(() => AskAsync("""{"error":{"code":502,"message":"upstream said: secret prompt"}}"""),
            Throws.TypeOf<UnreadableAnswerException>().With.Message.Not.Contains("secret"));

    [TestCase("null")]
    [TestCase("false")]
    [TestCase("\"\"")]
    public async Task GetResponseAsync_ErrorThatIsNone_IsAGoodAnswer(string error)
    {
        var response = await AskAsync(OpenAIWire.Completion().Insert(1, $"\"error\": {error} ,"));

        Assert.That(response.Text, Is.EqualTo("Hello."));
        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.Stop));
    }

    [Test]
    public async Task GetService_OfTheClient_GivesMetadataAndTheSdk()
    {
        var wire = CannedWire.Answering(OpenAIWire.Completion());
        IChatClient client = OpenAIWire.Client(wire);

        var metadata = client.GetService<ChatClientMetadata>()!;

        Assert.That(metadata.ProviderName, Is.EqualTo("openai"));
        Assert.That(metadata.ProviderUri, Is.EqualTo(new Uri("https://api.openai.com/v1")));
        Assert.That(metadata.DefaultModelId, Is.EqualTo("small"));
        Assert.That(client.GetService<Sdk.ChatClient>(), Is.Not.Null);
        Assert.That(client.GetService<OpenAIClient>(), Is.Not.Null);
        Assert.That(client.GetService<IChatClient>(), Is.SameAs(client));
        Assert.That(client.GetService<ChatClientMetadata>("key"), Is.Null);
        Assert.That(client.GetService<string>(), Is.Null);
        await client.GetResponseAsync("still works");
    }

    [Test]
    public void GetResponseAsync_CancelledByTheCaller_Stops()
    {
        using var cancel = new CancellationTokenSource();
        var answer = OpenAIWire.Client(CannedWire.NeverAnswering()).GetResponseAsync("hi", cancellationToken: cancel.Token);

        cancel.Cancel();

        Assert.That(async () => await answer, Throws.InstanceOf<OperationCanceledException>());
    }

    private static Task<ChatResponse> AskAsync(string body) => OpenAIWire.Client(CannedWire.Answering(body)).GetResponseAsync("hi");
}
