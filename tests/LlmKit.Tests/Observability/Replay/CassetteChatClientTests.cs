using LlmKit.Observability.Replay;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Replay;

public sealed class CassetteChatClientTests
{
    private static readonly ScriptedAnswer Answer = ScriptedAnswer.Text("Par", "is", ".") with { ConversationId = "c1" };

    private readonly CassetteFolder _folder = new();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task Replay_OfWhatWasRecorded_GivesItWithoutAModel([Values] bool recordedStreamed, [Values] bool streamed)
    {
        var recorded = await RecordAsync(recordedStreamed, Answer);

        using var cassette = _folder.Open(CassetteMode.Replay);
        var replayed = await AskAsync(new CassetteChatClient(cassette), streamed);

        Assert.That(replayed.Text, Is.EqualTo("Paris."));
        Assert.That(replayed.FinishReason, Is.EqualTo(ChatFinishReason.Stop));
        Assert.That(replayed.Usage!.TotalTokenCount, Is.EqualTo(recorded.Usage!.TotalTokenCount));
        Assert.That((replayed.ResponseId, replayed.ModelId, replayed.ConversationId), Is.EqualTo((recorded.ResponseId, recorded.ModelId, recorded.ConversationId)));
        Assert.That(replayed.AdditionalProperties ?? replayed.Messages[0].AdditionalProperties, Contains.Key(LlmKitDiagnostics.ReplayTag).WithValue(true));
    }

    [Test]
    public async Task Replay_OfAStream_KeepsItsBoundaries()
    {
        await RecordAsync(streamed: true, Answer);

        using var cassette = _folder.Open(CassetteMode.Replay);
        var updates = await new CassetteChatClient(cassette).GetStreamingResponseAsync(Asking.Question).ToListAsync();

        Assert.That(updates.Select(update => update.Text), Is.EqualTo(["Par", "is", ".", "", ""]));
        Assert.That(updates[3].Contents.Single(), Is.TypeOf<UsageContent>());
        Assert.That(updates.Select(update => update.MessageId).Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task Replay_WithAModel_NeverAsksIt([Values] bool streamed)
    {
        await RecordAsync(streamed, Answer);
        var model = new ScriptedChatClient(Answer);

        using var cassette = _folder.Open(CassetteMode.Replay);
        var client = new CassetteChatClient(cassette, model);
        await AskAsync(client, streamed);
        var miss = Assert.CatchAsync(() => AskAsync(client, streamed, "Another question"));

        Assert.That(miss, Is.TypeOf<CassetteMissException>());
        Assert.That(model.Requests, Is.Empty);
    }

    [Test]
    public async Task Replay_OfTheSameRequest_GivesAnswersInOrderAndThenMisses([Values] bool streamed)
    {
        await RecordAsync(streamed, ScriptedAnswer.Text("one"), ScriptedAnswer.Text("two"));

        using var cassette = _folder.Open(CassetteMode.Replay);
        var client = new CassetteChatClient(cassette);
        var first = await AskAsync(client, streamed);
        var second = await AskAsync(client, streamed);
        var miss = Assert.CatchAsync<CassetteMissException>(() => AskAsync(client, streamed))!;

        Assert.That((first.Text, second.Text), Is.EqualTo(("one", "two")));
        Assert.That(miss.IsPlayedOut);
        Assert.That(miss.Message, Does.Contain("all 2 recordings").And.Contain("WrapAround"));
    }

    [Test]
    public async Task Replay_WithWrapAround_BeginsAgain()
    {
        await RecordAsync(streamed: false, ScriptedAnswer.Text("one"), ScriptedAnswer.Text("two"));

        using var cassette = _folder.Open(CassetteMode.Replay, options => options.WrapAround = true);
        var client = new CassetteChatClient(cassette);
        var texts = new List<string>();
        for (var i = 0; i < 5; i++)
            texts.Add((await AskAsync(client, streamed: false)).Text);

        Assert.That(texts, Is.EqualTo(["one", "two", "one", "two", "one"]));
    }

    [Test]
    public async Task Record_OfParallelRequestsThatAreTheSame_OrdersAnswersByWhenTheyWereAskedFor()
    {
        var clock = new ManualTimeProvider();
        var model = new ScriptedChatClient((number, _) => ScriptedAnswer.Text($"answer {number}") with { Delay = TimeSpan.FromSeconds(3 - number) }, clock);
        using (var recorder = _folder.Open(CassetteMode.Record))
        {
            var client = new CassetteChatClient(recorder, model);
            var asked = Enumerable.Range(0, 3).Select(_ => AskAsync(client, streamed: false)).ToList();
            clock.Advance(TimeSpan.FromSeconds(3));
            await Task.WhenAll(asked);
        }

        using var cassette = _folder.Open(CassetteMode.Replay);
        var replaying = new CassetteChatClient(cassette);
        var texts = new[] { await AskAsync(replaying, false), await AskAsync(replaying, false), await AskAsync(replaying, false) };

        Assert.That(texts.Select(response => response.Text), Is.EqualTo(["answer 0", "answer 1", "answer 2"]));
    }

    [Test]
    public async Task Replay_InScopes_GivesEachItsOwnAnswers([Values] bool streamed)
    {
        using (var recorder = _folder.Open(CassetteMode.Record))
        {
            var client = new CassetteChatClient(recorder, new ScriptedChatClient((number, _) => ScriptedAnswer.Text($"{number}")));
            foreach (var worker in new[] { "a", "a", "b" })
            {
                using var _ = recorder.Scope(worker);
                await AskAsync(client, streamed);
            }
        }

        using var cassette = _folder.Open(CassetteMode.Replay);
        var replaying = new CassetteChatClient(cassette);
        var answers = await Task.WhenAll(AskInScopeAsync("b", 1), AskInScopeAsync("a", 2));

        Assert.That(answers, Is.EqualTo(["2", "0 1"]));
        Assert.That(Assert.CatchAsync<CassetteMissException>(() => AskAsync(replaying, streamed))!.Message, Does.Contain("in the scope 'a' and not in the scope ''"));

        async Task<string> AskInScopeAsync(string worker, int times)
        {
            using var _ = cassette.Scope(worker);
            await Task.Yield();
            var texts = new List<string>();
            for (var i = 0; i < times; i++)
                texts.Add((await AskAsync(replaying, streamed)).Text);
            return string.Join(' ', texts);
        }
    }

    [Test]
    public async Task Record_OfACallThatItsCallerCancels_KeepsNothing()
    {
        using var cassette = Cassette.InMemory(CassetteMode.Record);
        using var cancellation = new CancellationTokenSource();
        var asking = new CassetteChatClient(cassette, new ScriptedChatClient(ScriptedAnswer.Hangs())).GetResponseAsync(Asking.Question, null, cancellation.Token);

        await cancellation.CancelAsync();

        Assert.That(async () => await asking, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(cassette.Count, Is.Zero);
    }

    [Test]
    public async Task Replay_OfAStreamThatItsReaderLeft_EndsWhereItWasLeft()
    {
        using (var recorder = _folder.Open(CassetteMode.Record))
        {
            await foreach (var update in new CassetteChatClient(recorder, new ScriptedChatClient(Answer)).GetStreamingResponseAsync(Asking.Question))
            {
                if (update.Text == "is")
                    break;
            }
        }

        using var cassette = _folder.Open(CassetteMode.Replay, options => options.WrapAround = true);
        var client = new CassetteChatClient(cassette);
        var seen = new List<string>();
        var failure = Assert.CatchAsync(async () =>
        {
            await foreach (var update in client.GetStreamingResponseAsync(Asking.Question))
                seen.Add(update.Text);
        });

        Assert.That(seen, Is.EqualTo(["Par", "is"]));
        Assert.That(failure, Is.TypeOf<CassetteException>().With.Message.Contains("left it before its end"));
        Assert.That(() => AskAsync(client, streamed: false), Throws.TypeOf<CassetteException>());
    }

    [Test]
    public async Task Record_OfMessagesThatCanBeReadOnce_ReadsThemOnce([Values] bool streamed)
    {
        using var cassette = Cassette.InMemory(CassetteMode.Record);
        var model = new ScriptedChatClient(Answer);
        var reads = 0;

        await AskAsync(new CassetteChatClient(cassette, model), streamed, Once());

        Assert.That((reads, model.Requests.Single().Text), Is.EqualTo((1, "once")));

        IEnumerable<ChatMessage> Once()
        {
            reads++;
            yield return new(ChatRole.User, "once");
        }
    }

    [Test]
    public async Task Timings_AreKeptAndWaitedForWhereAsked()
    {
        var clock = new ManualTimeProvider();
        using (var recorder = _folder.Open(CassetteMode.Record, options => (options.RecordTimings, options.TimeProvider) = (true, clock)))
        {
            var model = new ScriptedChatClient((_, _) => Answer with { DelayBetween = TimeSpan.FromSeconds(2) }, clock);
            var reading = AskAsync(new CassetteChatClient(recorder, model), streamed: true);
            while (!reading.IsCompleted)
                clock.Advance(TimeSpan.FromSeconds(2));
            await reading;
        }

        using var cassette = _folder.Open(CassetteMode.Replay, options => (options.ReplayTimings, options.TimeProvider) = (true, clock));
        await using var updates = new CassetteChatClient(cassette).GetStreamingResponseAsync(Asking.Question).GetAsyncEnumerator();
        Assert.That(await updates.MoveNextAsync());
        var second = updates.MoveNextAsync().AsTask();

        Assert.That(clock.UntilNextTimer, Is.EqualTo(TimeSpan.FromSeconds(2)));
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.That(await second);
    }

    [Test]
    public async Task Passthrough_GivesTheModelsOwnAnswer()
    {
        using var cassette = Cassette.InMemory(CassetteMode.Passthrough);
        var model = new FixedChatClient(new(new ChatMessage(ChatRole.Assistant, "hi")));
        var client = new CassetteChatClient(cassette, model);

        Assert.That(client.GetResponseAsync(Asking.Question), Is.SameAs(model.Response));
        Assert.That(client.GetStreamingResponseAsync(Asking.Question), Is.SameAs(model.Stream));
        Assert.That(cassette.Count, Is.Zero);
        await client.GetResponseAsync(Asking.Question);
    }

    [Test]
    public async Task Client_ThatAsksAModel_KeepsTheContractOfStages([Values(CassetteMode.Record, CassetteMode.Verify, CassetteMode.Passthrough)] CassetteMode mode) =>
        Assert.That(await StageContract.VerifyAsync(inner => new CassetteChatClient(Cassette.InMemory(mode), inner)), Is.Empty);

    [Test]
    public async Task Cassette_UsedFromManySides_GivesEachItsAnswer()
    {
        using (var recorder = _folder.Open(CassetteMode.Record))
            await AskAllAsync(new CassetteChatClient(recorder, new ScriptedChatClient((_, request) => ScriptedAnswer.Text("to " + request.Text))));

        using var cassette = _folder.Open(CassetteMode.Replay);
        await AskAllAsync(new CassetteChatClient(cassette));

        cassette.AssertAllPlayed();
        Assert.That(cassette.Count, Is.EqualTo(100));

        static Task AskAllAsync(CassetteChatClient client) => Parallel.ForAsync(0, 100, async (i, _) =>
            Assert.That((await AskAsync(client, streamed: i % 2 == 0, $"question {i}")).Text, Is.EqualTo($"to question {i}")));
    }

    [Test]
    public void Constructor_WithoutAModelWhereOneIsAsked_SaysSo() =>
        Assert.That(() => new CassetteChatClient(Cassette.InMemory(CassetteMode.Record)), Throws.TypeOf<CassetteException>().With.Message.Contains("Give the client to record"));

    private static Task<ChatResponse> AskAsync(IChatClient client, bool streamed, string text = "What is the capital of France?") =>
        AskAsync(client, streamed, [new(ChatRole.User, text)]);

    private static async Task<ChatResponse> AskAsync(IChatClient client, bool streamed, IEnumerable<ChatMessage> messages) => streamed
        ? await client.GetStreamingResponseAsync(messages).ToChatResponseAsync()
        : await client.GetResponseAsync(messages);

    private async Task<ChatResponse> RecordAsync(bool streamed, params ScriptedAnswer[] answers)
    {
        using var recorder = _folder.Open(CassetteMode.Record);
        var client = new CassetteChatClient(recorder, new ScriptedChatClient(answers));
        ChatResponse? last = null;
        foreach (var _ in answers)
            last = await AskAsync(client, streamed);
        return last!;
    }
}
