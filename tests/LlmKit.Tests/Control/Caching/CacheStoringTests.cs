using LlmKit.Calls;
using LlmKit.Testing;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching;

[TestFixture(false)]
[TestFixture(true)]
public class CacheStoringTests(bool composed)
{
    private static readonly ChatFinishReason?[] BadReasons = [ChatFinishReason.Length, ChatFinishReason.ContentFilter, ChatFinishReason.ToolCalls];

    [TestCaseSource(nameof(BadReasons))]
    public async Task Commit_AnswerDidNotStop_IsNotStored(ChatFinishReason? reason)
    {
        foreach (var streamed in new[] { false, true })
        {
            var bench = new CacheBench(composed, model: new(ScriptedAnswer.Text("half") with { FinishReason = reason }));

            await bench.AskAsync("hello", streamed);
            await bench.AskAsync("hello", streamed);

            Assert.That(bench.Asked, Is.EqualTo(2));
            Assert.That(bench.Cache.Store.Count, Is.Zero);
        }
    }

    [Test]
    public async Task Commit_StreamWithoutAFinishReason_IsNotStored()
    {
        var bench = new CacheBench(composed, model: new(ScriptedAnswer.Text("half") with { FinishReason = null }));

        Exception? error = null;
        try
        {
            await bench.AskAsync("hello", streamed: true);
        }
        catch (TruncatedAnswerException exception)
        {
            error = exception;
        }

        Assert.That(error, composed ? Is.Not.Null : Is.Null);
        Assert.That(bench.Cache.Store.Count, Is.Zero);
    }

    [Test]
    public void Commit_StreamFailedInTheMiddle_IsNotStored()
    {
        var bench = new CacheBench(composed, model: new(ScriptedAnswer.Text("one", "two") with { Failure = new InvalidOperationException(), FailAfterChunks = 1 }));

        Assert.That(async () => await bench.AskAsync("hello", streamed: true), Throws.Exception);
        Assert.That(bench.Cache.Store.Count, Is.Zero);
    }

    [Test]
    public async Task Commit_StreamLeftAfterItsLastContent_IsNotStored()
    {
        var bench = new CacheBench(composed);

        await foreach (var update in bench.Client.GetStreamingResponseAsync("hello"))
        {
            if (update.FinishReason is not null)
                break;
        }

        Assert.That(bench.Cache.Store.Count, Is.Zero);
        Assert.That(bench.Model.OpenStreams, Is.Zero);
    }

    [Test]
    public async Task Commit_CancelledStream_IsNotStored()
    {
        var bench = new CacheBench(composed);
        using var cancel = new CancellationTokenSource();
        var stream = bench.Client.GetStreamingResponseAsync("hello", cancellationToken: cancel.Token).GetAsyncEnumerator();
        await stream.MoveNextAsync();

        await cancel.CancelAsync();

        Assert.That(async () => await stream.MoveNextAsync(), Throws.InstanceOf<OperationCanceledException>());
        await stream.DisposeAsync();
        Assert.That(bench.Cache.Store.Count, Is.Zero);
    }

    [TestCase(AnswerMarks.Blocked, ExpectedResult = 0)]
    [TestCase(AnswerMarks.Rewritten, ExpectedResult = 0)]
    [TestCase(AnswerMarks.Repaired, ExpectedResult = 0)]
    [TestCase(AnswerMarks.Shrunk, ExpectedResult = 0)]
    [TestCase(AnswerMarks.Truncated, ExpectedResult = 0)]
    [TestCase(AnswerMarks.Filtered, ExpectedResult = 0)]
    [TestCase(AnswerMarks.Fallback, ExpectedResult = 0)]
    [TestCase(AnswerMarks.Cached, ExpectedResult = 0)]
    [TestCase(AnswerMarks.None, ExpectedResult = 1)]
    public async Task<int> Commit_MarkedAnswer_IsStoredOnlyWhenUnmarked(AnswerMarks marks)
    {
        var bench = new CacheBench(composed, inside: client => new MarkingChatClient(client, marks));

        await bench.AskAsync("hello");
        await bench.AskAsync("hi", streamed: true);

        return bench.Cache.Store.Count / 2;
    }

    [Test]
    public async Task Commit_FallbackAnswer_IsStoredWhenThePolicySaysSo()
    {
        var bench = new CacheBench(composed, options => options.StoreFallbacks = true, inside: client => new MarkingChatClient(client, AnswerMarks.Fallback));

        await bench.AskAsync("hello");

        Assert.That(bench.Cache.Store.Count, Is.EqualTo(1));
    }

    [TestCase(false, ExpectedResult = 2)]
    [TestCase(true, ExpectedResult = 1)]
    public async Task<int> Commit_AnswerThatCallsTools_IsStoredOnlyWhenThePolicySaysSo(bool store)
    {
        var answer = new ScriptedAnswer { Contents = [new FunctionCallContent("1", "weather", new Dictionary<string, object?> { ["city"] = "Rome" })], FinishReason = ChatFinishReason.ToolCalls };
        var bench = new CacheBench(composed, options => options.StoreToolCalls = store, new(answer));

        await bench.AskAsync("hello");
        await bench.AskAsync("hello", streamed: true);

        return bench.Asked;
    }

    [Test]
    public async Task Commit_AnswerWithAConversation_IsNotStored([Values] bool streamed)
    {
        var bench = new CacheBench(composed, model: new(ScriptedAnswer.Text("hi") with { ConversationId = "c1" }));

        await bench.AskAsync("hello", streamed);

        Assert.That(bench.Cache.Store.Count, Is.Zero);
    }

    [Test]
    public async Task Commit_EmptyAnswer_IsNotStored([Values] bool streamed)
    {
        var bench = new CacheBench(composed, model: new(ScriptedAnswer.Text(" ")));

        await bench.AskAsync("hello", streamed);

        Assert.That(bench.Cache.Store.Count, Is.Zero);
    }

    [Test]
    public async Task Commit_AnswerThatCannotBeRead_ReachesTheCallerAndIsNotStored([Values] bool streamed)
    {
        var bench = new CacheBench(composed: false, model: new(ScriptedAnswer.Text("hi") with { Contents = [null!] }));

        var (text, call) = await bench.AskAsync("hello", streamed);

        Assert.That(text, Is.EqualTo("hi"));
        Assert.That(call.Steps[^1].Decision, Is.EqualTo("not stored"));
    }

    [Test]
    public async Task Commit_CleanAnswer_IsRecordedAsStored([Values] bool streamed)
    {
        var bench = new CacheBench(composed);

        var (_, call) = await bench.AskAsync("hello", streamed);

        Assert.That(call.Steps.Select(step => step.Decision), Is.EqualTo(new[] { "miss", "stored" }));
    }
}
