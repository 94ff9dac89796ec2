using LlmKit.Calls;
using LlmKit.Execution.Idempotency;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Tests.Execution.Idempotency;

/// <summary>Idempotency at its place among the other stages.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class IdempotencyCompositionTests(bool streamed)
{
    [Test]
    public async Task Ask_BehindTheRecommendedStack_IsRepeatedWhereTheCacheMustNotAnswer()
    {
        var model = new ScriptedChatClient((number, _) => ScriptedAnswer.Text($"answer {number}"));
        using var host = PipelineHost.For(model, builder => builder.UseStandardStages(budget => budget.PerCall("call", 1_000)));
        var options = IdempotencyRig.Keyed();
        options.Cache = LlmCacheDirectives.Bypass;

        await Outcome.OfAsync(host.Chat, streamed, options);
        var second = await Outcome.OfAsync(host.Chat, streamed, options);

        Assert.That(second.Text, Is.EqualTo("answer 0"));
        Assert.That(second.Call!.Steps.Select(step => step.Stage), Is.EqualTo(new[] { "idempotency" }));
    }

    [Test]
    public async Task Ask_SameWordsOnceRedacted_AreNotTheSameRequest()
    {
        using var host = PipelineHost.For(ScriptedAnswer.Text("noted"), builder => builder.UseGuardrails(rails => rails.RedactPersonalData()).UseIdempotency());

        var first = await Outcome.OfAsync(host.Chat, streamed, IdempotencyRig.Keyed(), "write to ann@example.com");
        var other = await Outcome.OfAsync(host.Chat, streamed, IdempotencyRig.Keyed(), "write to bob@example.com");
        var again = await Outcome.OfAsync(host.Chat, streamed, IdempotencyRig.Keyed(), "write to ann@example.com");

        Assert.That(other.Error, Is.TypeOf<IdempotencyConflictException>());
        Assert.That((first.Text, again.Text), Is.EqualTo(("noted", "noted")));
    }

    [Test]
    public async Task Ask_RepeatedAnswer_PassesTheOutputRails()
    {
        var model = new ScriptedChatClient(ScriptedAnswer.Text("call ann@example.com"));
        using var host = PipelineHost.For(model, builder => builder.UseGuardrails(rails => rails.RedactPersonalData()).UseIdempotency());

        var first = await Outcome.OfAsync(host.Chat, streamed, IdempotencyRig.Keyed());
        var second = await Outcome.OfAsync(host.Chat, streamed, IdempotencyRig.Keyed());

        Assert.That(first.Text, Does.Not.Contain("ann@example.com"));
        Assert.That(second.Text, Is.EqualTo(first.Text));
        Assert.That(model.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Ask_FirstCallerLeft_DoesNotCacheWhatNobodyOfItsCallSaw()
    {
        using var leaving = new CancellationTokenSource();
        var clock = new ManualTimeProvider();
        var model = new ScriptedChatClient((number, _) => ScriptedAnswer.Text($"answer {number}") with { Delay = TimeSpan.FromSeconds(number == 0 ? 5 : 0) }, clock);
        using var host = new PipelineHost(builder => builder.AddModel("model", model).UseIdempotency().UseSemanticCache(), before: services => services.AddSingleton<TimeProvider>(clock));
        var first = Outcome.OfAsync(host.Chat, streamed, IdempotencyRig.Keyed(), cancellationToken: leaving.Token);
        await ManualTimeExtensions.UntilAsync(() => model.Requests.Count == 1);
        var second = Outcome.OfAsync(host.Chat, streamed, IdempotencyRig.Keyed());

        await leaving.CancelAsync();
        await first;
        var stayed = await clock.FinishAsync(second);
        var elsewhere = await clock.FinishAsync(Outcome.OfAsync(host.Chat, streamed, IdempotencyRig.Keyed("order-8")));

        Assert.That((stayed.Text, elsewhere.Text), Is.EqualTo(("answer 0", "answer 1")));
    }

    [Test]
    public async Task Ask_PipelineInAPipeline_KeepsTheOuterWorkGoingWhenTheInnerHasEnded()
    {
        using var inner = PipelineHost.For(ScriptedAnswer.Text("inner"), builder => builder.UseIdempotency());
        using var outer = PipelineHost.For(inner.Chat, builder => builder.UseIdempotency());

        var first = await Outcome.OfAsync(outer.Chat, streamed, IdempotencyRig.Keyed());
        var second = await Outcome.OfAsync(outer.Chat, streamed, IdempotencyRig.Keyed());

        Assert.That((first.Text, second.Text), Is.EqualTo(("inner", "inner")));
        Assert.That(first.Decisions, Is.EqualTo(new[] { "began", "began", "remembered", "remembered" }));
        Assert.That(second.Decisions, Is.EqualTo(new[] { "replayed" }));
    }

    [Test]
    public async Task Ask_SecondAttemptOfAHedgeAroundThePipeline_IsSent([Values("order-7", null)] string? key)
    {
        var clock = new ManualTimeProvider();
        var model = new ScriptedChatClient((number, _) => ScriptedAnswer.Text($"answer {number}") with { Delay = TimeSpan.FromSeconds(number == 0 ? 60 : 1) }, clock);
        using var inner = Hosted(model, clock, builder => builder.UseIdempotency(options => options.Coalesce = true));
        using var outer = Hosted(inner.Chat, clock, builder => builder.UseHedging(options => options.Delay = TimeSpan.FromSeconds(2)));

        var outcome = await clock.FinishAsync(Outcome.OfAsync(outer.Chat, streamed, IdempotencyRig.Keyed(key)));

        Assert.That((outcome.Text, outcome.Call!.Duration), Is.EqualTo(("answer 1", TimeSpan.FromSeconds(3))));
        Assert.That(model.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Ask_StageAlone_HasNoNeedOfAPipeline()
    {
        var model = new ScriptedChatClient((number, _) => ScriptedAnswer.Text($"answer {number}"));
        using var chat = new IdempotencyChatClient(model);

        await Outcome.OfAsync(chat, streamed, IdempotencyRig.Keyed());
        var second = await Outcome.OfAsync(chat, streamed, IdempotencyRig.Keyed());

        Assert.That(second.Text, Is.EqualTo("answer 0"));
    }

    [Test]
    public async Task Ask_ChildOfTheCallUnderTheKey_IsAskedItself()
    {
        var model = new ScriptedChatClient((number, _) => ScriptedAnswer.Text($"answer {number}"));
        using var chat = new IdempotencyChatClient(model);
        ChatResponse? judged = null;
        using var outer = PipelineHost.For(new ScriptedChatClient(ScriptedAnswer.Text("outer")), builder => builder.Use((inner, _) => new AskingBefore(inner, async call =>
        {
            var child = call.Child("judge");
            child.IdempotencyKey = "order-7";
            judged = await chat.GetResponseAsync("good?", child);
        })));

        await Outcome.OfAsync(outer.Chat, streamed, IdempotencyRig.Keyed());
        await Outcome.OfAsync(outer.Chat, streamed, IdempotencyRig.Keyed());

        Assert.That((judged!.Text, model.Requests.Count), Is.EqualTo(("answer 1", 2)));
    }

    private static PipelineHost Hosted(IChatClient model, TimeProvider clock, Action<LlmPipelineBuilder> compose) => new(
        builder =>
        {
            builder.AddModel("model", model);
            compose(builder);
        },
        before: services => services.AddSingleton(clock));

    /// <summary>Does something with the call before it is asked.</summary>
    private sealed class AskingBefore(IChatClient inner, Func<LlmCall, Task> before) : DelegatingChatClient(inner)
    {
        public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            LlmCall.TryGet(options, out var call);
            await before(call!);
            return await base.GetResponseAsync(messages, options, cancellationToken);
        }

        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            LlmCall.TryGet(options, out var call);
            await before(call!);
            await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
                yield return update;
        }
    }
}
