using System.Runtime.CompilerServices;
using LlmKit.Execution.Idempotency;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Execution.Idempotency;

/// <summary>What concerns streams alone: how they end, in which updates they come again, how far they are read ahead.</summary>
public sealed class IdempotencyStreamTests
{
    private const int ReadAhead = 1_024;

    private static readonly ScriptedAnswer Cut = ScriptedAnswer.Text("half ") with { FinishReason = null };

    [Test]
    public async Task Read_StreamThatIsCutInSilence_IsNotRemembered()
    {
        using var chat = new IdempotencyChatClient(new ScriptedChatClient(Cut, ScriptedAnswer.Text("whole")));

        var first = await Outcome.OfAsync(chat, streamed: true, IdempotencyRig.Keyed());
        var second = await Outcome.OfAsync(chat, streamed: true, IdempotencyRig.Keyed());

        Assert.That((first.Text, second.Text), Is.EqualTo(("half ", "whole")));
        Assert.That(first.Decisions, Is.EqualTo(new[] { "began", "not-remembered" }));
    }

    [Test]
    public async Task Read_DecoratorThatLeavesEarly_IsNotRemembered()
    {
        using var rig = new IdempotencyRig(
            number => ScriptedAnswer.Text("half ", $"answer {number}"), inside: builder => builder.Use(inner => new FirstUpdateOnlyAtFirst(inner)));

        var first = await rig.AskAsync(streamed: true);
        var second = await rig.AskAsync(streamed: true);

        Assert.That((first.Text, second.Text), Is.EqualTo(("half ", "half answer 1")));
    }

    [Test]
    public async Task Read_ModelThatNeverSaysWhyItEnded_IsRemembered([Values] bool routed, [Values] bool nested)
    {
        var open = new ScriptedChatClient((number, _) => ScriptedAnswer.Text($"answer {number}") with { FinishReason = null });
        using var inner = Pipeline(open, routed, idempotent: !nested);
        using var outer = nested ? PipelineHost.For(inner.Chat, builder => builder.UseIdempotency()) : null;
        var chat = outer?.Chat ?? inner.Chat;

        var first = await Outcome.OfAsync(chat, streamed: true, IdempotencyRig.Keyed());
        var second = await Outcome.OfAsync(chat, streamed: true, IdempotencyRig.Keyed());

        Assert.That((first.Text, second.Text), Is.EqualTo(("answer 0", "answer 0")));
        Assert.That(first.Decisions, Does.Contain("remembered"));
    }

    [Test]
    public async Task Read_Repeated_ComesInTheUpdatesOfTheFirst()
    {
        var answer = ScriptedAnswer.Text("The ", "capital ", "of France ", "is Paris.") with { Contents = [new TextReasoningContent("I knew it.")] };
        using var rig = IdempotencyRig.Of(answer);

        var first = await ReadAsync(rig.Chat);
        var second = await ReadAsync(rig.Chat);

        Assert.That(second.Select(Shape), Is.EqualTo(first.Select(Shape)));
        Assert.That(second.Select(update => update.Text), Is.SupersetOf(answer.Chunks));
        Assert.That(rig.Model.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Read_JoinedInFlight_SeesTheFirstUpdatesBeforeTheLast()
    {
        using var rig = new IdempotencyRig(_ => ScriptedAnswer.Text("early ", "late") with { DelayBetween = TimeSpan.FromSeconds(5) });
        await using var first = Stream(rig.Chat);
        await first.MoveNextAsync();
        await using var second = Stream(rig.Chat);

        await second.MoveNextAsync();

        Assert.That((second.Current.Text, rig.OnTheirWay, rig.Model.OpenStreams), Is.EqualTo(("early ", 1, 1)));
        var rest = await rig.Clock.FinishAsync(RestAsync(second));
        Assert.That(string.Concat(rest), Is.EqualTo("late"));
    }

    [Test]
    public async Task Read_ReaderPauses_IsReadAheadWithinABound()
    {
        var model = new Pouring(updates: 5_000);
        using var chat = new IdempotencyChatClient(model);
        await using var reader = Stream(chat);
        await reader.MoveNextAsync();

        Assert.That(model.Poured, Is.LessThanOrEqualTo(ReadAhead + 2));

        var rest = await RestAsync(reader);
        Assert.That(rest, Has.Count.EqualTo(5_000), "the rest, and the update that carries the call");
        Assert.That(await TextAsync(chat), Is.EqualTo(Pouring.TextOf(5_000)));
    }

    [Test]
    public async Task Read_FirstReaderPauses_TheOthersGetTheirAnswer([Values] bool streamed)
    {
        var model = new Pouring(updates: 5_000);
        using var chat = new IdempotencyChatClient(model);
        await using var paused = Stream(chat);
        await paused.MoveNextAsync();

        var other = await Outcome.OfAsync(chat, streamed, IdempotencyRig.Keyed());

        Assert.That(other.Text, Is.EqualTo(Pouring.TextOf(5_000)));
        Assert.That(string.Concat(await RestAsync(paused)), Is.EqualTo(Pouring.TextOf(5_000)[5..]));
        Assert.That(model.Requests, Is.EqualTo(1));
    }

    [Test]
    public async Task Read_FastestReaderLeaves_IsReadAheadOfTheNext()
    {
        var model = new Pouring(updates: 5_000);
        using var chat = new IdempotencyChatClient(model);
        await using var slow = Stream(chat);
        await slow.MoveNextAsync();
        await using (var fast = Stream(chat))
        {
            for (var i = 0; i < 2_000; i++)
                await fast.MoveNextAsync();
        }

        Assert.That(model.Poured, Is.LessThanOrEqualTo(2_000 + ReadAhead + 2));
        Assert.That(string.Concat(await RestAsync(slow)), Is.EqualTo(Pouring.TextOf(5_000)[5..]));
    }

    [Test]
    public async Task Read_LargerThanMayBeKept_ReachesItsReadersAndIsNeitherJoinedLateNorRemembered()
    {
        var model = new Pouring(updates: 1_000);
        using var chat = new IdempotencyChatClient(model, new() { MaxBytes = 1_024 });
        await using var first = Stream(chat);
        await first.MoveNextAsync();

        var late = await Outcome.OfAsync(chat, streamed: true, IdempotencyRig.Keyed());
        var rest = await RestAsync(first);
        var again = await TextAsync(chat);

        Assert.That(new[] { "00000" + string.Concat(rest), late.Text, again }, Has.All.EqualTo(Pouring.TextOf(1_000)));
        Assert.That(late.Decisions, Is.EqualTo(new[] { "began", "not-remembered" }));
        Assert.That(model.Requests, Is.EqualTo(3));
        Assert.That(chat.Flights.Count, Is.Zero);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Read_JoinedBeforeItIsTooLarge_ReachesWhoJoinedToo(bool streamed)
    {
        var gate = new TaskCompletionSource();
        var model = new Pouring(updates: 1_000, gate.Task);
        using var chat = new IdempotencyChatClient(model, new() { MaxBytes = 1_024 });
        var first = Outcome.OfAsync(chat, streamed: true, IdempotencyRig.Keyed());
        var second = Outcome.OfAsync(chat, streamed, IdempotencyRig.Keyed());

        gate.SetResult();
        Outcome[] outcomes = [await first, await second];

        Assert.That(outcomes.Select(outcome => outcome.Text), Has.All.EqualTo(Pouring.TextOf(1_000)));
        Assert.That((model.Requests, outcomes[1].Decisions[0]), Is.EqualTo((1, "joined")));
    }

    [Test]
    public async Task Read_LargerThanMayBeKept_LetsGoOfWhatAllHaveRead()
    {
        var model = new Pouring(updates: 1_000);
        using var chat = new IdempotencyChatClient(model, new() { MaxBytes = 1_024 });
        await using var reader = Stream(chat);
        for (var i = 0; i < 100; i++)
            await reader.MoveNextAsync();

        Assert.That(await Collecting.UntilAsync(() => !model.First!.IsAlive), Is.True);
    }

    private static PipelineHost Pipeline(IChatClient model, bool routed, bool idempotent) => new(builder =>
    {
        if (routed)
            builder.AddModel("first", new ScriptedChatClient(ScriptedAnswer.Throws(Failures.Http(503))));
        builder.AddModel("open", model, options => options.RequireFinishReason = false);
        if (idempotent)
            builder.UseIdempotency();
        if (routed)
            builder.UseRouter();
    });

    private static IAsyncEnumerator<ChatResponseUpdate> Stream(IChatClient chat) =>
        chat.GetStreamingResponseAsync("hi", IdempotencyRig.Keyed()).GetAsyncEnumerator();

    private static async Task<IReadOnlyList<ChatResponseUpdate>> ReadAsync(IChatClient chat) =>
        await chat.GetStreamingResponseAsync("hi", IdempotencyRig.Keyed()).ToListAsync();

    private static async Task<string> TextAsync(IChatClient chat) => string.Concat((await ReadAsync(chat)).Select(update => update.Text));

    private static async Task<List<string>> RestAsync(IAsyncEnumerator<ChatResponseUpdate> stream)
    {
        List<string> texts = [];
        while (await stream.MoveNextAsync())
            texts.Add(stream.Current.Text);
        return texts;
    }

    private static string Shape(ChatResponseUpdate update) =>
        $"{update.Role} {update.MessageId} {update.FinishReason}: {string.Join('|', update.Contents.Where(content => content is not UsageContent).Select(content => content.GetType().Name + ' ' + content))}";

    /// <summary>Gives numbered updates without a pause, once its gate is open.</summary>
    private sealed class Pouring(int updates, Task? gate = null) : IChatClient
    {
        private int _poured;
        private int _requests;

        public int Poured => Volatile.Read(ref _poured);

        public int Requests => Volatile.Read(ref _requests);

        public WeakReference? First { get; private set; }

        public static string TextOf(int updates) => string.Concat(Enumerable.Range(0, updates).Select(number => $"{number:00000}"));

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _requests);
            await (gate ?? Task.CompletedTask);
            for (var number = 0; number < updates; number++)
            {
                Interlocked.Increment(ref _poured);
                yield return Numbered(number);
            }
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }

        private ChatResponseUpdate Numbered(int number)
        {
            var update = new ChatResponseUpdate(ChatRole.Assistant, $"{number:00000}") { FinishReason = number == updates - 1 ? ChatFinishReason.Stop : null };
            if (number == 0)
                First ??= new(update);
            return update;
        }
    }

    /// <summary>Passes on one update of its first stream and ends well.</summary>
    private sealed class FirstUpdateOnlyAtFirst(IChatClient inner) : DelegatingChatClient(inner)
    {
        private int _requests;

        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            var isFirst = Interlocked.Increment(ref _requests) == 1;
            await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
            {
                yield return update;
                if (isFirst)
                    yield break;
            }
        }
    }
}
