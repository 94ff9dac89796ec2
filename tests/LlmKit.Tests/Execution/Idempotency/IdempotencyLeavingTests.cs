using System.Runtime.CompilerServices;
using LlmKit.Calls;
using LlmKit.Execution.Idempotency;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Tests.Execution.Idempotency;

/// <summary>What may go wrong when calls leave, or are refused, or meet a slow store.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class IdempotencyLeavingTests(bool streamed)
{
    [Test]
    public async Task Ask_CancelledAlready_SendsNothing()
    {
        using var rig = IdempotencyRig.Numbering();

        var outcome = await rig.AskAsync(streamed, cancellationToken: new(canceled: true));

        Assert.That(outcome.Error, Is.InstanceOf<OperationCanceledException>());
        Assert.That((rig.Model.Requests.Count, rig.Spent, rig.OnTheirWay), Is.EqualTo((0, 0m, 0)));
    }

    [Test]
    public async Task Ask_DeafDecoratorGoesOnAfterAllHaveLeft_AsksNobodyAndChangesNoAnswer()
    {
        var gate = new TaskCompletionSource();
        using var rig = IdempotencyRig.Numbering(inside: builder => builder.Use(inner => new DeafAtFirst(inner, gate.Task)));
        using var leaving = new CancellationTokenSource();
        var first = rig.AskAsync(streamed, cancellationToken: leaving.Token);
        await ManualTimeExtensions.UntilAsync(() => rig.OnTheirWay == 1);
        await leaving.CancelAsync();
        var left = await rig.Clock.FinishAsync(first);
        await rig.Clock.EndAsync(left.Call!.WhenSettled);
        var second = await rig.AskAsync(streamed);

        gate.SetResult();
        await ManualTimeExtensions.UntilAsync(() => left.Call!.Steps.Any(step => step.Decision == "not-remembered"));
        var third = await rig.AskAsync(streamed);

        Assert.That((second.Text, third.Text), Is.EqualTo(("answer 0", "answer 0")));
        Assert.That(rig.Model.Requests, Has.Count.EqualTo(1), "the late request belongs to nobody");
    }

    [Test]
    public async Task Ask_DeafModelAnswersAfterAllHaveLeft_ChangesNoAnswer()
    {
        var clock = new ManualTimeProvider();
        var model = new ScriptedChatClient(
            (number, _) => number == 0 ? ScriptedAnswer.Text("late") with { Delay = TimeSpan.FromMinutes(1), IsDeaf = true } : ScriptedAnswer.Text($"answer {number}"), clock);
        using var chat = new IdempotencyChatClient(model, time: clock);
        using var leaving = new CancellationTokenSource();
        var first = Outcome.OfAsync(chat, streamed, IdempotencyRig.Keyed(), cancellationToken: leaving.Token);
        await ManualTimeExtensions.UntilAsync(() => model.Requests.Count == 1);
        await leaving.CancelAsync();
        var left = await clock.FinishAsync(first);
        var second = await Outcome.OfAsync(chat, streamed, IdempotencyRig.Keyed());

        clock.Advance(TimeSpan.FromMinutes(1));
        await ManualTimeExtensions.UntilAsync(() => left.Call!.Steps.Any(step => step.Decision is "not-remembered" or "remembered"));
        var third = await Outcome.OfAsync(chat, streamed, IdempotencyRig.Keyed());

        Assert.That((second.Text, third.Text), Is.EqualTo(("answer 1", "answer 1")));
    }

    [Test]
    public async Task Ask_FirstIsRefusedByItsOwnLimit_IsAskedByTheOthersThemselves()
    {
        var gate = new TaskCompletionSource();
        using var rig = IdempotencyRig.Numbering(inside: builder => builder.Use(inner => new DeafAtFirst(inner, gate.Task)));
        var poor = IdempotencyRig.Keyed();
        poor.MaxCost = 0.001m;
        var first = rig.AskAsync(streamed, poor);
        await ManualTimeExtensions.UntilAsync(() => rig.OnTheirWay == 1);
        var second = rig.AskAsync(streamed);

        gate.SetResult();
        Outcome[] outcomes = [await first, await second];

        Assert.That(outcomes[0].Error, Is.InstanceOf<AttemptRefusedException>());
        Assert.That(outcomes[1].Text, Is.EqualTo("answer 0"));
        Assert.That(outcomes[1].Decisions, Is.EqualTo(new[] { "joined", "began", "remembered" }));
    }

    [Test]
    public async Task Ask_FirstIsRefusedAfterItHasShownSomething_FailsForTheOthersToo()
    {
        var gate = new TaskCompletionSource();
        using var rig = IdempotencyRig.Numbering(inside: builder => builder.Use(inner => new RefusingChatClient(inner, gate.Task, shown: "half ")));
        var first = rig.AskAsync(streamed);
        var second = rig.AskAsync(streamed);

        gate.SetResult();
        Outcome[] outcomes = [await first, await second];

        Assert.That(outcomes[0].Error, Is.TypeOf<AttemptRefusedException>());
        Assert.That((outcomes[0].Text, outcomes[1].Text), Is.EqualTo(streamed ? ("half ", "half ") : ("", "answer 0")));
        Assert.That(outcomes[1].Error, streamed ? Is.TypeOf<RepeatedFailureException>().With.InnerException.SameAs(outcomes[0].Error) : Is.Null);
    }

    [Test]
    public async Task Ask_OtherRequestIsStillLookedUp_TheRightfulOneIsNoConflict()
    {
        var store = new SlowStore();
        using var rig = IdempotencyRig.Numbering(store: store);
        await rig.AskAsync(streamed, prompt: "rightful");
        store.Gate = new();
        var wrong = rig.AskAsync(streamed, prompt: "wrong");
        await ManualTimeExtensions.UntilAsync(() => rig.OnTheirWay == 1);
        var rightful = rig.AskAsync(streamed, prompt: "rightful");

        store.Gate.SetResult();

        Assert.That((await wrong).Error, Is.TypeOf<IdempotencyConflictException>());
        Assert.That((await rightful).Text, Is.EqualTo("answer 0"));
    }

    [Test]
    public async Task Ask_OtherRequestCouldNotBeLookedUp_TheRightfulOneIsNoConflict()
    {
        var store = new SlowStore();
        using var rig = IdempotencyRig.Numbering(options => options.WhenStoreFails = WhenStoreFails.Refuse, store);
        await rig.AskAsync(streamed, prompt: "rightful");
        var gate = store.Gate = new();
        Task<Outcome>? rightful = null;
        using var metrics = new IdempotencyMetrics(heard: measurement =>
        {
            if (measurement.EndsWith("=not-remembered", StringComparison.Ordinal))
                rightful!.Wait();
        });
        var wrong = rig.AskAsync(streamed, prompt: "wrong");
        await ManualTimeExtensions.UntilAsync(() => rig.OnTheirWay == 1);
        rightful = rig.AskAsync(streamed, prompt: "rightful");
        store.Gate = null;

        gate.SetException(new IOException("down"));

        Assert.That((await rightful).Text, Is.EqualTo("answer 0"));
        Assert.That((await wrong).Error, Is.TypeOf<LlmException>());
    }

    [Test]
    public async Task Ask_ListenerOnTheTokenThrows_IsStillACancellation()
    {
        using var rig = IdempotencyRig.Numbering(inside: builder => builder.Use(inner => new Quarrelsome(inner)));
        using var leaving = new CancellationTokenSource();
        var first = rig.AskAsync(streamed, cancellationToken: leaving.Token);
        await ManualTimeExtensions.UntilAsync(() => rig.OnTheirWay == 1);

        await leaving.CancelAsync();
        var outcome = await rig.Clock.FinishAsync(first);

        Assert.That(outcome.Error, Is.InstanceOf<OperationCanceledException>());
        Assert.That(outcome.Call!.Status, Is.EqualTo(CallStatus.Cancelled));
    }

    [Test]
    public async Task Ask_PropertyOfTheAnswerCannotBeRead_IsAnsweredAllTheSame()
    {
        using var rig = new IdempotencyRig(_ => ScriptedAnswer.Text(), client: new FixedChatClient(new(new ChatMessage(ChatRole.Assistant, "Paris"))
        {
            FinishReason = ChatFinishReason.Stop,
            AdditionalProperties = new() { ["broken"] = new Unreadable() },
        }));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Is.EqualTo("Paris"));
        Assert.That(outcome.Decisions, Is.EqualTo(new[] { "began", "not-remembered" }));
    }

    [Test]
    public async Task Ask_AnswerOfAFallback_IsMarkedSoWhenItIsReplayed()
    {
        using var host = new PipelineHost(builder => builder
            .AddModel("first", new ScriptedChatClient(ScriptedAnswer.Throws(Failures.Http(503))))
            .AddModel("second", new ScriptedChatClient(ScriptedAnswer.Text("from the second")))
            .UseIdempotency()
            .UseRouter());
        await Outcome.OfAsync(host.Chat, streamed, IdempotencyRig.Keyed());

        var replayed = await Outcome.OfAsync(host.Chat, streamed, IdempotencyRig.Keyed());

        Assert.That(replayed.Call!.Marks, Is.EqualTo(AnswerMarks.Fallback | AnswerMarks.Cached));
    }

    [Test]
    public async Task Ask_StagesWithScopesOfTheirOwnInOneStore_DoNotShareKeys()
    {
        var store = new SlowStore();
        using var one = new IdempotencyChatClient(new ScriptedChatClient(ScriptedAnswer.Text("one")), store: store, scope: "one");
        using var other = new IdempotencyChatClient(new ScriptedChatClient(ScriptedAnswer.Text("other")), store: store, scope: "other");
        await Outcome.OfAsync(one, streamed, IdempotencyRig.Keyed());

        var outcome = await Outcome.OfAsync(other, streamed, IdempotencyRig.Keyed());

        Assert.That(outcome.Text, Is.EqualTo("other"));
    }

    [Test]
    public async Task Ask_FirstCallRanOutWhileAnotherWaits_IsATimeoutOfItsOwn()
    {
        using var rig = IdempotencyRig.Slow();
        var hasty = IdempotencyRig.Keyed();
        hasty.Deadline = rig.Clock.GetUtcNow().AddSeconds(1);
        var first = rig.AskAsync(streamed, hasty);
        await rig.AskedAsync(1);
        using var leaving = new CancellationTokenSource(TimeSpan.FromSeconds(2), rig.Clock);
        var second = rig.AskAsync(streamed, cancellationToken: leaving.Token);

        var outcome = await rig.Clock.FinishAsync(first);
        var left = await rig.Clock.FinishAsync(second);

        Assert.That(outcome.Error, Is.TypeOf<LlmTimeoutException>());
        Assert.That(left.Error, Is.InstanceOf<OperationCanceledException>());
        await outcome.Call!.WhenSettled;
        Assert.That(outcome.Call.Attempts.Single().Failure!.Kind, Is.EqualTo(LlmKit.Models.ModelFailureKind.Cancelled));
    }

    /// <summary>Lets the first request wait at a gate, whatever its token says.</summary>
    private sealed class DeafAtFirst(IChatClient inner, Task gate) : DelegatingChatClient(inner)
    {
        private int _requests;

        public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            if (Interlocked.Increment(ref _requests) == 1)
                await gate;
            return await base.GetResponseAsync(messages, options, CancellationToken.None);
        }

        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            if (Interlocked.Increment(ref _requests) == 1)
                await gate;
            await foreach (var update in base.GetStreamingResponseAsync(messages, options, CancellationToken.None))
                yield return update;
        }
    }

    /// <summary>Hangs until it is cancelled, and throws at whoever cancels it.</summary>
    private sealed class Quarrelsome(IChatClient inner) : DelegatingChatClient(inner)
    {
        public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            await QuarrelAsync(cancellationToken);
            return new();
        }

        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await QuarrelAsync(cancellationToken);
            yield break;
        }

        private static Task QuarrelAsync(CancellationToken token)
        {
            token.Register(() => throw new InvalidOperationException("not now"));
            return Task.Delay(Timeout.Infinite, token);
        }
    }

    private sealed class Unreadable
    {
        public string Text => throw new KeyNotFoundException("no such thing");
    }

    /// <summary>Keeps what it is given, and waits at its gate where there is one.</summary>
    private sealed class SlowStore : IIdempotencyStore
    {
        private readonly Dictionary<string, byte[]> _outcomes = [];

        public TaskCompletionSource? Gate { get; set; }

        public async ValueTask<byte[]?> FindAsync(string key, CancellationToken cancellationToken)
        {
            if (Gate is { } gate)
                await gate.Task;
            return _outcomes.GetValueOrDefault(key);
        }

        public ValueTask<bool> SaveAsync(string key, byte[] outcome, TimeSpan window, CancellationToken cancellationToken)
        {
            _outcomes[key] = outcome;
            return new(true);
        }
    }
}
