using LlmKit.Calls;
using LlmKit.Control.Caching;
using LlmKit.Testing;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching;

[TestFixture(false)]
[TestFixture(true)]
public class SemanticCacheChatClientTests(bool composed)
{
    [Test]
    public async Task GetResponse_SameRequestAgain_AnswersFromTheCache([Values] bool first, [Values] bool second)
    {
        var bench = new CacheBench(composed);

        var (fresh, freshCall) = await bench.AskAsync("hello", first);
        var (cached, call) = await bench.AskAsync("hello", second);

        Assert.That(bench.Asked, Is.EqualTo(1));
        Assert.That(cached, Is.EqualTo(fresh).And.EqualTo("answer 0"));
        Assert.That(freshCall.Marks, Is.EqualTo(AnswerMarks.None));
        Assert.That(call.Marks, Is.EqualTo(AnswerMarks.Cached));
        Assert.That(call.Status, Is.EqualTo(CallStatus.Completed));
        Assert.That(CacheBench.Step(call), Has.Property("Decision").EqualTo("hit").And.Property("Tier").EqualTo(CacheTier.Exact));
    }

    [Test]
    public async Task GetResponse_Hit_UsesAndCostsNothing([Values] bool streamed)
    {
        var bench = new CacheBench(composed);
        await bench.AskAsync("hello", streamed);

        var response = await bench.Client.GetResponseAsync("hello");
        var updates = await bench.Client.GetStreamingResponseAsync("hello").ToListAsync();

        Assert.That(response.Usage, Is.Null);
        Assert.That(updates.SelectMany(update => update.Contents).OfType<UsageContent>(), Is.Empty);
        Assert.That(response.GetCall().Usage.Total, Is.Zero);
        Assert.That(CacheBench.Step(response.GetCall()).Saved, Is.EqualTo(new TokenUsage { Input = 10, Output = 2 }));
    }

    [Test]
    public async Task GetResponse_Hit_NamesTheModelThatAnswered([Values] bool streamed)
    {
        var bench = new CacheBench(composed);

        var (_, fresh) = await bench.AskAsync("hello", streamed);
        var (_, cached) = await bench.AskAsync("hello", streamed);

        Assert.That(cached.Model, Is.EqualTo(composed ? "small" : null).And.EqualTo(fresh.Model));
    }

    [Test]
    public async Task GetResponse_Hit_KeepsNoIdsOfTheProvider()
    {
        var bench = new CacheBench(composed);
        var fresh = await bench.Client.GetResponseAsync("hello");

        var first = await bench.Client.GetResponseAsync("hello");
        var second = await bench.Client.GetResponseAsync("hello");

        Assert.That(new[] { fresh.ResponseId, first.ResponseId, second.ResponseId }, Is.Unique);
        Assert.That(first.Messages[0].MessageId, Is.Not.EqualTo(second.Messages[0].MessageId));
        Assert.That(first.ModelId, Is.EqualTo(fresh.ModelId));
        Assert.That(first.FinishReason, Is.EqualTo(ChatFinishReason.Stop));
    }

    [Test]
    public async Task GetStreamingResponse_StoredFromAStream_ReplaysTheSamePieces()
    {
        var model = new ScriptedChatClient(ScriptedAnswer.Text("one ", "two ", "three"));
        var bench = new CacheBench(composed, model: model);

        var fresh = await bench.Client.GetStreamingResponseAsync("hello").ToListAsync();
        var replayed = await bench.Client.GetStreamingResponseAsync("hello").ToListAsync();

        Assert.That(Texts(replayed), Is.EqualTo(new[] { "one ", "two ", "three" }).And.EqualTo(Texts(fresh)));
        Assert.That(replayed.Select(update => update.FinishReason).Where(reason => reason is not null), Is.EqualTo(new[] { ChatFinishReason.Stop }));
        Assert.That(replayed[^1].GetCall(), Is.Not.Null);
        Assert.That(replayed.Take(4).Select(update => update.MessageId).Distinct(), Has.Exactly(1).Items);
    }

    [Test]
    public async Task GetStreamingResponse_StoredPlain_ReplaysOneUpdateAndTheFinish()
    {
        var bench = new CacheBench(composed);
        await bench.Client.GetResponseAsync("hello");

        var replayed = await bench.Client.GetStreamingResponseAsync("hello").ToListAsync();

        Assert.That(Texts(replayed), Is.EqualTo(new[] { "answer 0" }));
        Assert.That(replayed, Has.Count.EqualTo(3));
        Assert.That(replayed[1].FinishReason, Is.EqualTo(ChatFinishReason.Stop));
    }

    [Test]
    public async Task GetStreamingResponse_SeveralKindsOfContent_ReplaysThemInTheirOrder()
    {
        var model = new ScriptedChatClient(new ScriptedAnswer
        {
            Contents = [new TextReasoningContent("hmm "), new TextReasoningContent("so"), new TextContent("yes"), new DataContent(new byte[] { 1, 2 }, "image/png"), new TextContent(" and no")],
        });
        var bench = new CacheBench(composed, model: model);
        await bench.Client.GetStreamingResponseAsync("hello").ToListAsync();

        var replayed = await bench.Client.GetStreamingResponseAsync("hello").ToListAsync();
        var plain = await bench.Client.GetResponseAsync("hello");

        Assert.That(model.Requests, Has.Count.EqualTo(1));
        Assert.That(replayed[0].Contents.Select(content => content.GetType().Name), Is.EqualTo(new[] { "TextReasoningContent", "TextReasoningContent", "TextContent", "DataContent", "TextContent" }));
        Assert.That(plain.Messages[0].Contents.Select(content => content.ToString()).Where(text => text != typeof(DataContent).FullName), Is.EqualTo(new[] { "hmm so", "yes", " and no" }));
    }

    [Test]
    public async Task GetResponse_HitChangedByItsReader_LeavesTheNextHitAlone([Values] bool storedFromAStream)
    {
        var bench = new CacheBench(composed);
        await bench.AskAsync("hello", storedFromAStream);

        foreach (var change in new Action<ChatResponse>[] { r => ((TextContent)r.Messages[0].Contents[0]).Text = "changed", r => r.Messages.Clear(), r => r.FinishReason = ChatFinishReason.Length })
            change(await bench.Client.GetResponseAsync("hello"));
        await foreach (var update in bench.Client.GetStreamingResponseAsync("hello"))
            update.Contents.Clear();
        var last = await bench.Client.GetResponseAsync("hello");

        Assert.That(last.Text, Is.EqualTo("answer 0"));
        Assert.That(last.FinishReason, Is.EqualTo(ChatFinishReason.Stop));
        Assert.That(bench.Asked, Is.EqualTo(1));
    }

    [Test]
    public async Task GetResponse_FreshAnswerChangedByItsReader_StoresWhatTheModelSaid([Values] bool streamed)
    {
        var bench = new CacheBench(composed);
        if (streamed)
        {
            await foreach (var update in bench.Client.GetStreamingResponseAsync("hello"))
            {
                foreach (var text in update.Contents.OfType<TextContent>())
                    text.Text = "changed";
            }
        }
        else
        {
            var fresh = await bench.Client.GetResponseAsync("hello");
            ((TextContent)fresh.Messages[0].Contents[0]).Text = "changed";
            fresh.Messages.Clear();
        }

        Assert.That((await bench.AskAsync("hello")).Text, Is.EqualTo("answer 0"));
    }

    [Test]
    public async Task GetResponse_FiftyAtOnce_AreAllAnswered()
    {
        var bench = new CacheBench(composed, model: new((_, _) => ScriptedAnswer.Text("same")));

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => bench.AskAsync("hello", streamed: i % 2 == 0))));

        Assert.That(answers.Select(answer => answer.Text), Is.All.EqualTo("same"));
        Assert.That(bench.Cache.Store.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task GetResponse_Observing_AnswersFromTheModelAndRecordsTheHit([Values] bool streamed)
    {
        var bench = new CacheBench(composed, options => options.Observe = true);

        await bench.AskAsync("hello", streamed);
        var (text, call) = await bench.AskAsync("hello", streamed);

        Assert.That(text, Is.EqualTo("answer 1"));
        Assert.That(call.Marks, Is.EqualTo(AnswerMarks.None));
        Assert.That(call.Steps[0], Has.Property("Decision").EqualTo("hit").And.Property("Observed").True);
    }

    [Test]
    public async Task GetResponse_AfterItsTimeToLive_AsksAgain()
    {
        var bench = new CacheBench(composed, options => options.TimeToLive = TimeSpan.FromMinutes(10));
        await bench.AskAsync("hello");

        bench.Time.Advance(TimeSpan.FromMinutes(8.9));
        var (_, young) = await bench.AskAsync("hello");
        bench.Time.Advance(TimeSpan.FromMinutes(2.2));
        var (old, _) = await bench.AskAsync("hello");

        Assert.That(CacheBench.Step(young).Age, Is.EqualTo(TimeSpan.FromMinutes(8.9)));
        Assert.That(old, Is.EqualTo("answer 1"));
    }

    private static string[] Texts(IEnumerable<ChatResponseUpdate> updates) =>
        [.. updates.Select(update => update.Text).Where(text => text.Length > 0)];
}
