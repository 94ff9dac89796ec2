using LlmKit.Observability.Replay;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Replay;

public sealed class MissTests
{
    private const string Long = "You are a careful assistant that answers questions about invoices and orders of customers. ";

    [Test]
    public void Miss_ByANullThatWasNotSaid_NamesIt()
    {
        using var cassette = Cassette.InMemory();
        cassette.Add(Called([]), null, new(new ChatMessage(ChatRole.Assistant, "hi")));

        var miss = Assert.CatchAsync<CassetteMissException>(() => new CassetteChatClient(cassette).GetResponseAsync(Called(new() { ["city"] = null })))!;

        Assert.That(miss.DifferencePath, Is.EqualTo("$.messages[0].parts[0].arguments.city"));

        static ChatMessage[] Called(Dictionary<string, object?> arguments) => [new(ChatRole.Assistant, [new FunctionCallContent("c", "f", arguments)])];
    }

    [Test]
    public void Miss_OfAnEditedPrompt_ShowsTheNearestAndWhereItDiffers([Values] bool streamed)
    {
        using var cassette = Cassette.InMemory();
        Add(cassette, "something else entirely", 0);
        Add(cassette, Long + "Answer in French, please.", 0);

        var miss = Miss(cassette, streamed, Long + "Answer in German, please.");

        Assert.That(miss.DifferencePath, Is.EqualTo("$.messages[0].parts[0].text"));
        Assert.That((miss.Recorded, miss.Requested), Is.EqualTo(("…of customers. Answer in French, please.".Replace("…of customers", "…rders of customers", StringComparison.Ordinal), miss.Requested)));
        Assert.That(miss.Message, Does.Contain("character 101").And.Contain("Answer in German").And.Contain("Answer in French").And.Contain("nearest of 2").And.Contain("LLMKIT_CASSETTE_MODE=Record"));
        Assert.That(miss.NearestKey, Is.Not.Null.And.Not.EqualTo(miss.Key));
    }

    [Test]
    public void Miss_WithoutTexts_QuotesNone([Values] bool streamed)
    {
        using var cassette = Cassette.InMemory(options: new() { ShowTexts = false });
        Add(cassette, "Answer in French, please.", 0);

        var miss = Miss(cassette, streamed, "Answer in German, please.");

        Assert.That(miss.Message, Does.Contain("$.messages[0].parts[0].text, character 10").And.Not.Contain("French").And.Not.Contain("German"));
        Assert.That((miss.Recorded, miss.Requested), Is.EqualTo(((string?)null, (string?)null)));
    }

    [Test]
    public void Miss_OfAnOption_NamesBothValuesEvenWithoutTexts([Values] bool showTexts)
    {
        using var cassette = Cassette.InMemory(options: new() { ShowTexts = showTexts });
        Add(cassette, "hello", 0.5f);

        var miss = Miss(cassette, streamed: false, "hello", 0.7f);

        Assert.That(miss.Message, Does.Contain("$.options.temperature").And.Contain("'0.5'").And.Contain("'0.7'"));
    }

    [Test]
    public void Miss_OfAMissingMessage_SaysThatNothingStandsThere()
    {
        using var cassette = Cassette.InMemory();
        cassette.Add([new(ChatRole.User, "a"), new(ChatRole.User, "b")], null, new(new ChatMessage(ChatRole.Assistant, "c")));

        var miss = Assert.CatchAsync<CassetteMissException>(() => new CassetteChatClient(cassette).GetResponseAsync("a"))!;

        Assert.That(miss.Message, Does.Contain("$.messages[1]").And.Contain("asked with nothing"));
    }

    [Test]
    public void Miss_OfSecrets_QuotesThemRedacted()
    {
        using var cassette = Cassette.InMemory(options: new() { Redact = text => text.Replace("sk-42", "[key]", StringComparison.Ordinal) });
        Add(cassette, "French sk-42", 0);

        var miss = Miss(cassette, streamed: false, "German sk-42");

        Assert.That(miss.Message, Does.Contain("German [key]").And.Not.Contain("sk-42"));
    }

    [Test]
    public void Miss_InAnEmptyCassette_SaysSo() => Assert.That(Miss(Cassette.InMemory(), streamed: false, "a").Message, Does.Contain("has no recordings"));

    private static void Add(Cassette cassette, string text, float temperature) =>
        cassette.Add([new(ChatRole.User, text)], new() { Temperature = temperature }, new(new ChatMessage(ChatRole.Assistant, "answer")));

    private static CassetteMissException Miss(Cassette cassette, bool streamed, string text, float temperature = 0)
    {
        var client = new CassetteChatClient(cassette);
        return Assert.CatchAsync<CassetteMissException>(async () => _ = streamed
            ? await client.GetStreamingResponseAsync(text, new() { Temperature = temperature }).ToChatResponseAsync()
            : await client.GetResponseAsync(text, new() { Temperature = temperature }))!;
    }
}
