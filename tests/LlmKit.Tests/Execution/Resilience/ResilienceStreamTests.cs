using LlmKit.Execution.Resilience;
using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;
using static LlmKit.Tests.Execution.Resilience.ResilienceBench;

namespace LlmKit.Tests.Execution.Resilience;

public class ResilienceStreamTests
{
    [Test]
    public async Task Stream_FailsAfterUpdatesWithoutContent_TheyAreDropped([Values] Setting setting)
    {
        var early = ScriptedAnswer.Text("", "") with { Failure = Failure(ModelFailureKind.Transient), FailAfterChunks = 2 };
        using var bench = With(setting, null, early, ScriptedAnswer.Text("", "a"));

        var updates = await ReadAsync(bench);

        Assert.That(updates.Count(update => update.Contents.OfType<TextContent>().Any()), Is.EqualTo(2), "only what the second attempt gave");
        Assert.That(updates.Where(update => update.ResponseId is not null).Select(update => update.ResponseId).Distinct(), Is.EqualTo(new[] { "response-2" }));
    }

    [Test]
    public async Task Stream_FailsAfterContent_ThrowsAsItIsAndRepeatsNothing([Values] Setting setting)
    {
        var failure = Failure(ModelFailureKind.Transient);
        using var bench = With(setting, null, ScriptedAnswer.Text("a", "b") with { Failure = failure, FailAfterChunks = 1 }, ScriptedAnswer.Text("never"));
        var shown = "";

        var reading = ReadAllAsync();
        await bench.Clock.EndAsync(reading);

        Assert.That(Assert.CatchAsync(() => reading), Is.SameAs(failure));
        Assert.That(shown, Is.EqualTo("a"));
        Assert.That(bench.Model.Requests, Has.Count.EqualTo(1));
        Assert.That(bench.Model.OpenStreams, Is.Zero);

        async Task ReadAllAsync()
        {
            await foreach (var update in bench.Client.GetStreamingResponseAsync("q"))
                shown += update.Text;
        }
    }

    [Test]
    public async Task Stream_ContentIsNotText_CountsAsContent([Values] Setting setting)
    {
        var answer = new ScriptedAnswer { Contents = [new FunctionCallContent("1", "f")], FinishReason = null, Failure = null };
        using var bench = With(setting, null, answer, ScriptedAnswer.Text("never"));

        if (setting == Setting.Composed)
            Assert.That(await bench.FailAsync(streamed: true), Is.InstanceOf<TruncatedAnswerException>());
        else
            await bench.AskAsync(streamed: true);

        Assert.That(bench.Model.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Stream_EmptyButFinished_IsAnAnswer([Values] Setting setting)
    {
        using var bench = With(setting, null, new ScriptedAnswer());

        var updates = await ReadAsync(bench);

        Assert.That(updates.Any(update => update.FinishReason == ChatFinishReason.Stop));
        Assert.That(bench.Model.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Stream_CutBeforeContent_IsRepeated()
    {
        using var bench = With(Setting.Composed, null, new ScriptedAnswer { FinishReason = null }, ScriptedAnswer.Text("a"));

        var text = await bench.AskAsync(streamed: true);

        Assert.That(text, Is.EqualTo("a"));
        Assert.That(bench.Steps.Single().Kind, Is.EqualTo(ModelFailureKind.Truncated));
    }

    [Test]
    public async Task Stream_CutAfterContent_IsNotRepeated()
    {
        using var bench = With(Setting.Composed, null, ScriptedAnswer.Text("a") with { FinishReason = null }, ScriptedAnswer.Text("never"));

        var exception = await bench.FailAsync(streamed: true);

        Assert.That(exception, Is.InstanceOf<TruncatedAnswerException>());
        Assert.That(bench.Model.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Stream_ThrowsBeforeItIsEnumerated_IsRepeated()
    {
        var clock = new ManualTimeProvider();
        var model = new ScriptedChatClient(ScriptedAnswer.Text("a"));
        using var eager = new EagerlyFailingChatClient(model, Failure(ModelFailureKind.Overloaded));
        using var client = new ResilienceChatClient(eager, timeProvider: clock);

        var response = await clock.FinishAsync(client.GetStreamingResponseAsync("q").ToChatResponseAsync());

        Assert.That(response.Text, Is.EqualTo("a"));
    }

    [Test]
    public async Task Stream_GoesWell_EveryUpdateComesInOrderAndAsItWas()
    {
        using var bench = With(Setting.Alone, null, ScriptedAnswer.Text("", "", "a", "b"));

        var updates = await ReadAsync(bench);

        Assert.That(updates.Select(update => update.Text), Is.EqualTo(new[] { "", "", "a", "b", "", "", "" }));
        Assert.That(updates[^2].FinishReason, Is.EqualTo(ChatFinishReason.Stop));
        Assert.That(updates[^1].GetCall(), Is.Not.Null);
    }

    [Test]
    public async Task Stream_EndlessUpdatesWithoutContent_AreNotHeldForEver()
    {
        using var bench = With(Setting.Alone, null, ScriptedAnswer.Text([.. Enumerable.Repeat("", 1_000), "a"]));

        var updates = await ReadAsync(bench);

        Assert.That(string.Concat(updates.Select(update => update.Text)), Is.EqualTo("a"));
        Assert.That(updates.TakeWhile(update => update.Text.Length == 0).Count(), Is.EqualTo(256));
    }

    [Test]
    public async Task Stream_EndlessUpdatesWithoutContent_RunIntoTheLimitAndAreRepeated([Values] Setting setting)
    {
        var often = TimeSpan.FromMilliseconds(50);
        var empty = ScriptedAnswer.Text([.. Enumerable.Repeat("", 1_000)]) with { DelayBetween = often };
        using var bench = With(setting, null, empty, ScriptedAnswer.Text("a"));

        var text = await bench.AskAsync(streamed: true, step: often);

        Assert.That(text, Is.EqualTo("a"));
        Assert.That(bench.Steps.First().Limit, Is.EqualTo(TimeLimit.FirstContent));
    }

    [Test]
    public async Task Stream_LeftEarly_TheUpstreamIsLeftToo([Values] Setting setting)
    {
        using var bench = With(setting, null, ScriptedAnswer.Text("a", "b"));

        await foreach (var _ in bench.Client.GetStreamingResponseAsync("q"))
            break;

        Assert.That(bench.Model.OpenStreams, Is.Zero);
        Assert.That(bench.Clock.ActiveTimers, Is.Zero);
    }

    [Test]
    public async Task Stream_LeftWhileItOpens_TheUpstreamIsLeftToo([Values] Setting setting)
    {
        using var bench = With(setting, null, ScriptedAnswer.Hangs());
        var stream = bench.Client.GetStreamingResponseAsync("q").GetAsyncEnumerator();
        var move = stream.MoveNextAsync().AsTask();

        await bench.Clock.EndAsync(stream.DisposeAsync().AsTask());

        await bench.Clock.EndAsync(move);
        Assert.CatchAsync(() => move);
        await ManualTimeExtensions.UntilAsync(() => bench.Model.OpenStreams == 0 && bench.Clock.ActiveTimers == 0);
    }

    [Test]
    public async Task Stream_EnumeratedTwice_AsksTwice([Values] Setting setting)
    {
        using var bench = With(setting, null, ScriptedAnswer.Text("a"));
        var stream = bench.Client.GetStreamingResponseAsync("q");

        await stream.ToChatResponseAsync();
        await stream.ToChatResponseAsync();

        Assert.That(bench.Model.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Stream_DisposedTwiceAfterItsEnd_HarmsNoOther()
    {
        using var bench = With(Setting.Alone, null, ScriptedAnswer.Text("a"), ScriptedAnswer.Text("b") with { Delay = TimeSpan.FromSeconds(1) });
        var first = new ResilienceChatClient(bench.Model, timeProvider: bench.Clock).GetStreamingResponseAsync("q").GetAsyncEnumerator();
        while (await first.MoveNextAsync())
        {
        }

        var second = bench.StartAsync(streamed: true);
        await first.DisposeAsync();
        await first.DisposeAsync();

        Assert.That(await bench.Clock.FinishAsync(second), Is.EqualTo("b"));
    }

    private static async Task<List<ChatResponseUpdate>> ReadAsync(ResilienceBench bench)
    {
        var updates = new List<ChatResponseUpdate>();
        var read = Task.Run(async () =>
        {
            await foreach (var update in bench.Client.GetStreamingResponseAsync("q"))
                updates.Add(update);
        });
        await bench.Clock.EndAsync(read);
        await read;
        return updates;
    }

    /// <summary>Fails once, when a stream is asked for and not when it is read.</summary>
    private sealed class EagerlyFailingChatClient(IChatClient inner, Exception failure) : DelegatingChatClient(inner)
    {
        private int _asked;

        public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            _asked++ == 0 ? throw failure : base.GetStreamingResponseAsync(messages, options, cancellationToken);
    }
}
