using LlmKit.Observability.Replay;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Replay.Tools;

public sealed class RecordedToolsTests
{
    private readonly CassetteFolder _folder = new();

    private int _runs;

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task Loop_OfWhatWasRecorded_RunsNoToolAgain([Values] bool streamed)
    {
        string[] cities = ["Rome", "Oslo", "Rome"];
        var recorded = await RecordAsync(cities, streamed);

        using var cassette = _folder.Open(CassetteMode.Replay);
        var replayed = await LoopAsync(new CassetteChatClient(cassette), Tool().WithCassette(cassette), streamed);

        Assert.That(replayed, Is.EqualTo(recorded).And.EqualTo("done"));
        Assert.That(_runs, Is.EqualTo(3));
        cassette.AssertAllPlayed();
    }

    [Test]
    public async Task Call_WithOtherArguments_SaysWhereTheyDiffer()
    {
        await RecordAsync(["Rome"], streamed: false);

        using var cassette = _folder.Open(CassetteMode.Replay);
        var tool = Tool().WithCassette(cassette);
        var miss = Assert.CatchAsync<CassetteMissException>(async () => await tool.InvokeAsync(new() { ["city"] = "Paris" }))!;

        Assert.That(miss.Message, Does.Contain("first divergence at step 1").And.Contain("$.city").And.Not.Contain("Paris"));
        Assert.That(cassette.Misses, Is.EqualTo([miss]));
        Assert.That(_runs, Is.EqualTo(1));
    }

    [Test]
    public async Task Call_MoreOftenThanRecorded_IsAMiss()
    {
        await RecordAsync(["Rome"], streamed: false);

        using var cassette = _folder.Open(CassetteMode.Replay);
        var tool = Tool().WithCassette(cassette);
        var first = await tool.InvokeAsync(new() { ["city"] = "Rome" });

        Assert.That(first, Is.EqualTo("sun in Rome 1"));
        Assert.That(async () => await tool.InvokeAsync(new() { ["city"] = "Rome" }), Throws.TypeOf<CassetteMissException>().With.Message.Contains("step 2"));
    }

    private AIFunction Tool() => AIFunctionFactory.Create((string city) => $"sun in {city} {++_runs}", "weather");

    private async Task<string> RecordAsync(string[] cities, bool streamed)
    {
        using var recorder = _folder.Open(CassetteMode.Record);
        var model = new ScriptedChatClient((number, _) => number < cities.Length
            ? ScriptedAnswer.Text() with { Contents = [new FunctionCallContent($"id-{number}", "weather", new Dictionary<string, object?> { ["city"] = cities[number] })], FinishReason = ChatFinishReason.ToolCalls }
            : ScriptedAnswer.Text("done"));
        return await LoopAsync(new CassetteChatClient(recorder, model), Tool().WithCassette(recorder), streamed);
    }

    /// <summary>What a function-calling client does.</summary>
    private static async Task<string> LoopAsync(CassetteChatClient client, AIFunction tool, bool streamed)
    {
        List<ChatMessage> messages = [.. Asking.Question];
        var options = new ChatOptions { Tools = [tool] };
        while (true)
        {
            var response = streamed ? await client.GetStreamingResponseAsync(messages, options).ToChatResponseAsync() : await client.GetResponseAsync(messages, options);
            messages.AddRange(response.Messages);
            if (response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().FirstOrDefault() is not { } call)
                return response.Text;
            messages.Add(new(ChatRole.Tool, [new FunctionResultContent(call.CallId, await tool.InvokeAsync(new AIFunctionArguments(call.Arguments).WithCall(call)))]));
        }
    }
}
