using LlmKit.Calls;
using LlmKit.Internal.RateLimiting;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Tests.Control.RateLimits;

/// <summary>Limits on callers, on the composed path. "hi" and 20 tokens are 25 in the worst case, and 11 once answered.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class RateLimitChatClientTests(bool streamed)
{
    private static readonly ScriptedAnswer Answer = ScriptedAnswer.Text("ok");

    [Test]
    public async Task Ask_MoreThanTheLimit_IsRefusedBeforeAnythingIsSent()
    {
        var model = new ScriptedChatClient(Answer);
        using var host = Host(limits => limits.PerTenant("tenant", requests: 2), model);
        await AskAsync(host);
        await AskAsync(host);

        var outcome = await AskAsync(host);

        var refusal = (RateLimitExceededException)outcome.Error!;
        Assert.That((refusal.Limit, refusal.Scope, refusal.Kind, refusal.Most), Is.EqualTo(("tenant", RateLimitScope.Tenant, RateLimitKind.Requests, 2L)));
        Assert.That((refusal.Reason, refusal.Model, refusal.RetryAfter), Is.EqualTo((RefusalReason.Limit, (string?)null, (TimeSpan?)TimeSpan.FromSeconds(30))));
        Assert.That(refusal.Message, Does.Contain("30 seconds").And.Not.Contain("acme"));
        Assert.That(outcome.Decisions, Is.EqualTo(new[] { "refused" }));
        Assert.That(model.Requests, Has.Count.EqualTo(2));
        Assert.That((await AskAsync(host, tenant: "other")).Error, Is.Null);
    }

    [Test]
    public async Task Ask_AfterATime_PassesAgain()
    {
        using var host = Host(limits => limits.PerTenant("tenant", requests: 2));
        await AskAsync(host);
        await AskAsync(host);

        host.Clock.Advance(TimeSpan.FromSeconds(30));

        Assert.That((await AskAsync(host)).Error, Is.Null);
        Assert.That((await AskAsync(host)).Error, Is.TypeOf<RateLimitExceededException>());
    }

    [Test]
    public async Task Ask_Tokens_AreTakenInTheWorstCaseAndCorrected()
    {
        using var host = Host(limits => limits.PerTenant("tenant", tokens: 36));

        var outcomes = new[] { await AskAsync(host), await AskAsync(host), await AskAsync(host) };

        Assert.That(outcomes.Select(outcome => outcome.Error is null), Is.EqualTo(new[] { true, true, false }));
        Assert.That(((RateLimitExceededException)outcomes[2].Error!).Kind, Is.EqualTo(RateLimitKind.Tokens));
    }

    [Test]
    public async Task Ask_ManyAtOnce_DoNotGetMoreTokensThanThereAre()
    {
        using var host = Host(limits => limits.PerTenant("tenant", tokens: 100), slow: [Answer with { Delay = TimeSpan.FromSeconds(5) }]);

        var asking = Enumerable.Range(0, 10).Select(_ => AskAsync(host)).ToList();
        var refused = asking.Count(asked => asked.IsCompleted);
        await host.Clock.EndAsync(Task.WhenAll(asking));

        Assert.That(refused, Is.EqualTo(6));
    }

    [Test]
    public async Task Ask_AHit_IsACallAndGivesItsTokensBack()
    {
        var model = new ScriptedChatClient(Answer);
        using var host = Host(limits => limits.PerTenant("tenant", requests: 5, tokens: 40), model, builder => builder.UseSemanticCache());

        for (var i = 0; i < 5; i++)
            Assert.That((await AskAsync(host)).Error, Is.Null);

        Assert.That(model.Requests, Has.Count.EqualTo(1));
        Assert.That(((RateLimitExceededException)(await AskAsync(host)).Error!).Kind, Is.EqualTo(RateLimitKind.Requests));
    }

    [Test]
    public async Task Ask_WhileAsManyRunAsMay_IsRefusedUntilOneHasEnded()
    {
        using var host = Host(limits => limits.PerUser("user", concurrent: 1), slow: [Answer with { Delay = TimeSpan.FromSeconds(5) }]);
        var first = AskAsync(host);

        Assert.That(((RateLimitExceededException)(await AskAsync(host)).Error!).Kind, Is.EqualTo(RateLimitKind.Concurrent));
        await host.Clock.EndAsync(first);
        Assert.That((await host.Clock.FinishAsync(AskAsync(host))).Error, Is.Null);
    }

    [TestCase("failed")]
    [TestCase("cancelled")]
    public async Task Ask_HoweverItEnds_GivesItsPlaceBack(string end)
    {
        var answers = new[] { end == "failed" ? ScriptedAnswer.Throws(Failures.Http(500)) : ScriptedAnswer.Hangs(), Answer };
        using var host = Host(limits => limits.PerTenant("tenant", concurrent: 1), new ScriptedChatClient(answers));
        using var cancel = new CancellationTokenSource();
        var first = AskAsync(host, cancellationToken: cancel.Token);
        await cancel.CancelAsync();

        Assert.That((await first).Error, Is.Not.Null);
        Assert.That((await AskAsync(host)).Error, Is.Null);
    }

    [Test]
    public async Task Ask_AStreamThatIsLeft_GivesItsPlaceBack()
    {
        using var host = Host(limits => limits.PerTenant("tenant", concurrent: 1), new ScriptedChatClient(ScriptedAnswer.Text("a", "b", "c")));
        await foreach (var update in host.Chat.GetStreamingResponseAsync("hi", Options("acme")))
        {
            Assert.That((await AskAsync(host)).Error, Is.TypeOf<RateLimitExceededException>());
            break;
        }

        Assert.That((await AskAsync(host)).Error, Is.Null);
    }

    [Test]
    public async Task Ask_AQueue_WaitsAndSaysSo()
    {
        using var host = Host(limits => { limits.PerTenant("tenant", requests: 60).Queue = 5; });
        for (var i = 0; i < 60; i++)
            await AskAsync(host);

        var outcome = await host.Clock.FinishAsync(AskAsync(host), TimeSpan.FromMilliseconds(100));

        Assert.That(outcome.Error, Is.Null);
        Assert.That(outcome.Decisions, Is.EqualTo(new[] { "waited" }));
        Assert.That(outcome.Call!.Duration, Is.EqualTo(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public async Task Ask_AQueueAndADeadlineBeforeItsTurn_IsRefusedAtOnce()
    {
        using var host = Host(limits => { limits.PerTenant("tenant", requests: 60).Queue = 5; });
        for (var i = 0; i < 60; i++)
            await AskAsync(host);

        var options = Options("acme");
        options.Deadline = host.Clock.GetUtcNow() + TimeSpan.FromSeconds(0.5);
        var outcome = await Outcome.OfAsync(host.Chat, streamed, options);

        Assert.That(((RateLimitExceededException)outcome.Error!).RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(outcome.Call!.Duration, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public async Task Ask_AQueueAndADeadlineThatPasses_LeavesNoTrace()
    {
        using var host = Host(limits => { limits.PerTenant("tenant", concurrent: 1).Queue = 5; }, slow: [Answer with { Delay = TimeSpan.FromSeconds(30) }, Answer]);
        var first = AskAsync(host);
        var options = Options("acme");
        options.Deadline = host.Clock.GetUtcNow() + TimeSpan.FromSeconds(2);

        var late = await host.Clock.FinishAsync(Outcome.OfAsync(host.Chat, streamed, options));

        Assert.That(late.Error, Is.TypeOf<LlmTimeoutException>().Or.TypeOf<RateLimitExceededException>());
        Assert.That(host.Services.GetRequiredService<RateLimiter>().Waiting, Is.Zero);
        await host.Clock.EndAsync(first);
        Assert.That((await AskAsync(host)).Error, Is.Null);
    }

    [Test]
    public async Task Ask_AQueueOfPriorities_LetsTheUrgentGoFirst()
    {
        var passed = new List<string?>();
        using var host = Host(
            limits => { limits.Global("all", concurrent: 1).Queue = 5; },
            more: builder => builder.Use(inner => new InspectingChatClient(inner, options => passed.Add((options as LlmCallOptions)?.Feature))),
            slow: [ScriptedAnswer.Hangs(), Answer]);
        using var leaving = new CancellationTokenSource();
        var first = AskAsync(host, feature: "first", cancellationToken: leaving.Token);
        var normal = AskAsync(host, feature: "normal");
        var urgent = AskAsync(host, priority: LlmPriority.Interactive, feature: "urgent");

        await leaving.CancelAsync();
        await Task.WhenAll(first, normal, urgent);

        Assert.That(passed, Is.EqualTo(["first", "urgent", "normal"]));
    }

    [Test]
    public async Task Ask_ALimitThatOnlyObserves_PassesAndSaysWhatItWouldRefuse()
    {
        using var host = Host(limits => { limits.PerTenant("tenant", requests: 1).Observe = true; });
        await AskAsync(host);

        var outcome = await AskAsync(host);

        Assert.That(outcome.Error, Is.Null);
        Assert.That(outcome.Decisions, Is.EqualTo(new[] { "would be refused" }));
    }

    [TestCase(MissingIdentity.Refuse, false, false)]
    [TestCase(MissingIdentity.Share, true, false)]
    [TestCase(MissingIdentity.Skip, true, true)]
    public async Task Ask_WithoutIdentity_IsTreatedAsSet(MissingIdentity missing, bool first, bool second)
    {
        using var host = Host(limits => { limits.PerTenant("tenant", requests: 1).MissingIdentity = missing; });

        Assert.That((await AskAsync(host, tenant: null)).Error is null, Is.EqualTo(first));
        Assert.That((await AskAsync(host, tenant: null)).Error is null, Is.EqualTo(second));
    }

    [Test]
    public async Task Ask_AnOverride_HasItsOwnAmounts()
    {
        using var host = Host(limits => limits.PerTenant("tenant", requests: 1).Limit("tenant", limit => limit.Overrides["big"] = new() { Requests = 3 }));

        Assert.That(await CountPassingAsync(host, "big"), Is.EqualTo(3));
        Assert.That(await CountPassingAsync(host, "small"), Is.EqualTo(1));
    }

    [Test]
    public async Task Ask_ALimitForOneValue_HoldsNobodyElse()
    {
        using var host = Host(limits => limits.Limit("noisy", limit => { limit.Scope = RateLimitScope.Tenant; limit.Only = "loud"; limit.Requests = 1; }));

        Assert.That(await CountPassingAsync(host, "loud"), Is.EqualTo(1));
        Assert.That(await CountPassingAsync(host, "quiet"), Is.EqualTo(9));
        Assert.That(await CountPassingAsync(host, null), Is.EqualTo(9));
    }

    [Test]
    public async Task Ask_UsersOfOneNameInTwoTenants_DoNotShare()
    {
        using var host = Host(limits => limits.PerUser("user", requests: 1));

        Assert.That((await AskAsync(host, tenant: "a")).Error, Is.Null);
        Assert.That((await AskAsync(host, tenant: "b")).Error, Is.Null);
        Assert.That((await AskAsync(host, tenant: "a")).Error, Is.Not.Null);
    }

    [Test]
    public async Task Ask_TwoPipelinesWithALimitOfOneName_ShareIt()
    {
        using var host = new PipelineHost(
            builder =>
            {
                builder.AddModel("model", new ScriptedChatClient(Answer)).UseRateLimits(limits => limits.PerTenant("tenant", requests: 2));
                builder.Services.AddLlmPipeline("second").AddModel("model", new ScriptedChatClient(Answer)).UseRateLimits(limits => limits.PerTenant("TENANT", requests: 2));
            });
        var second = host.Services.GetRequiredKeyedService<IChatClient>("second");

        Assert.That((await AskAsync(host)).Error, Is.Null);
        Assert.That((await Outcome.OfAsync(second, streamed, Options("acme"))).Error, Is.Null);
        Assert.That((await Outcome.OfAsync(second, streamed, Options("acme"))).Error, Is.TypeOf<RateLimitExceededException>());
    }

    [Test]
    public async Task Ask_APipelineInsideAPipeline_IsCountedOnce()
    {
        using var host = new PipelineHost(
            builder =>
            {
                builder.Services.AddLlmPipeline("inner").AddModel("model", new ScriptedChatClient(Answer)).UseRateLimits(limits => limits.PerTenant("tenant", requests: 2));
                builder.AddModel("inner", services => services.GetRequiredKeyedService<IChatClient>("inner")).UseRateLimits(limits => limits.PerTenant("tenant", requests: 2));
            });

        Assert.That(await CountPassingAsync(host, "acme"), Is.EqualTo(2));
    }

    [Test]
    public async Task Ask_ARetryFurtherOut_IsNotLetThroughByACallThatWasRefused()
    {
        var asked = 0;
        using var host = Host(limits => limits.PerTenant("tenant", requests: 1), outside: builder => builder.Use(inner => new AskingTwiceChatClient(inner, () => asked++)));

        Assert.That((await AskAsync(host)).Error, Is.Null);
        Assert.That((await AskAsync(host)).Error, Is.TypeOf<RateLimitExceededException>());
        Assert.That(asked, Is.EqualTo(1));
    }

    [Test]
    public async Task Ask_Alone_IsHeldToTheLimit()
    {
        var stage = LlmStages.RateLimits(limits => limits.Global("all", requests: 1))(new ScriptedChatClient(Answer), null!);

        Assert.That((await Outcome.OfAsync(stage, streamed)).Error, Is.Null);
        Assert.That((await Outcome.OfAsync(stage, streamed)).Error, Is.TypeOf<RateLimitExceededException>());
    }

    private static LlmCallOptions Options(string? tenant, LlmPriority priority = LlmPriority.Normal, string? feature = null) =>
        new() { Tenant = tenant, User = "u1", Feature = feature, Priority = priority, MaxOutputTokens = 20 };

    private static PipelineHost Host(
        Action<RateLimitOptions> limits, IChatClient? model = null, Action<LlmPipelineBuilder>? more = null, Action<LlmPipelineBuilder>? outside = null, ScriptedAnswer[]? slow = null) => new(builder =>
    {
        builder.AddModel("model", services => model ?? Slow(slow ?? [Answer], services));
        outside?.Invoke(builder);
        builder.UseRateLimits(limits);
        more?.Invoke(builder);
    });

    private static ScriptedChatClient Slow(ScriptedAnswer[] answers, IServiceProvider services) =>
        new((number, _) => answers[Math.Min(number, answers.Length - 1)], services.GetRequiredService<TimeProvider>());

    private Task<Outcome> AskAsync(
        PipelineHost host, string? tenant = "acme", LlmPriority priority = LlmPriority.Normal, string? feature = null, CancellationToken cancellationToken = default) =>
        Outcome.OfAsync(host.Chat, streamed, Options(tenant, priority, feature), cancellationToken: cancellationToken);

    private async Task<int> CountPassingAsync(PipelineHost host, string? tenant)
    {
        var count = 0;
        while (count < 9 && (await AskAsync(host, tenant)).Error is null)
            count++;
        return count;
    }

    /// <summary>Asks again when it was refused.</summary>
    private sealed class AskingTwiceChatClient(IChatClient inner, Action again) : DelegatingChatClient(inner)
    {
        public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            try
            {
                return await base.GetResponseAsync(messages, options, cancellationToken);
            }
            catch (RateLimitExceededException)
            {
                again();
                return await base.GetResponseAsync(messages, options, cancellationToken);
            }
        }

        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
                yield return update;
        }
    }
}
