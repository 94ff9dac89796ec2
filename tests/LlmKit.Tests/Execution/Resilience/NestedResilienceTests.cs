using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Tests.Execution.Resilience;

/// <summary>Layers that repeat, one inside the other, do not multiply attempts.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class NestedResilienceTests(bool streamed)
{
    private readonly ManualTimeProvider _clock = new();

    [Test]
    public async Task Ask_PipelineThatRepeatsAsTheModelOfOneThatRepeats_IsRepeatedOnce()
    {
        var model = new ScriptedChatClient(ResilienceBench.Fails());
        using var inner = new ServiceCollection().AddSingleton<TimeProvider>(_clock).AddLlmPipeline("inner").AddModel("m", model).UseResilience()
            .Services.BuildServiceProvider();
        using var outer = new ServiceCollection().AddSingleton<TimeProvider>(_clock).AddLlmPipeline()
            .AddModel("nested", inner.GetRequiredKeyedService<IChatClient>("inner")).UseResilience()
            .Services.BuildServiceProvider();

        var outcome = await _clock.FinishAsync(Outcome.OfAsync(outer.GetRequiredService<IChatClient>(), streamed));

        Assert.That(outcome.Error, Is.TypeOf<AttemptsExhaustedException>());
        Assert.That(model.Requests, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Ask_HedgeOverAModelWhoseRetriesAreUsedUp_IsNotMade()
    {
        var model = new ScriptedChatClient(ResilienceBench.Fails());
        using var services = new ServiceCollection().AddSingleton<TimeProvider>(_clock).AddLlmPipeline()
            .AddModel("m", model)
            .UseHedging(options => options.Share = 1)
            .UseResilience(options => (options.RetryShare, options.RetryFloor) = (0, 0))
            .Services.BuildServiceProvider();

        await _clock.FinishAsync(Outcome.OfAsync(services.GetRequiredService<IChatClient>(), streamed));

        Assert.That(model.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Ask_RouterHedgesOverHedgingAndRetries_AsksTheSecondModelOnce()
    {
        var models = Enumerable.Range(0, 2).Select(i => new ScriptedChatClient((_, _) => i == 0 ? ScriptedAnswer.Hangs() : ResilienceBench.Fails() with { Delay = TimeSpan.FromSeconds(1) }, _clock)).ToArray();
        using var services = new ServiceCollection().AddSingleton<TimeProvider>(_clock).AddLlmPipeline()
            .AddModel("slow", models[0]).AddModel("failing", models[1])
            .UseRouter(router => router.Hedge(hedging => hedging.Delay = TimeSpan.FromSeconds(1)))
            .UseHedging(options => options.Delay = TimeSpan.FromSeconds(50))
            .UseResilience()
            .Services.BuildServiceProvider();
        using var cancel = new CancellationTokenSource();

        var asking = Outcome.OfAsync(services.GetRequiredService<IChatClient>(), streamed, cancellationToken: cancel.Token);
        for (var i = 0; i < 12; i++)
        {
            await ManualTimeExtensions.UntilAsync(() => models[0].Requests.Count == 1 && (i == 0 || models[1].Requests.Count > 0));
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        await cancel.CancelAsync();
        await asking;
        Assert.That(models[1].Requests, Has.Count.EqualTo(1), "a second attempt is neither repeated nor hedged");
    }

    [Test]
    public async Task Ask_EachModelAsksForAWaitOfItsOwn_TheLastOneCountsAndTheShortestModel()
    {
        var first = new ScriptedChatClient((number, _) => ResilienceBench.Fails(ModelFailureKind.RateLimited, TimeSpan.FromSeconds(number == 0 ? 1 : 120)), _clock);
        using var services = new ServiceCollection().AddSingleton<TimeProvider>(_clock).AddLlmPipeline()
            .AddModel("first", first).UseResilience()
            .Services.BuildServiceProvider();

        var outcome = await _clock.FinishAsync(Outcome.OfAsync(services.GetRequiredService<IChatClient>(), streamed));

        Assert.That(((AttemptsExhaustedException)outcome.Error!).RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(120)), "the first wait was waited");
        Assert.That(outcome.Error!.GetModelFailure()!.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(120)));
    }

    [Test]
    public async Task Ask_WaitThatDoesNotFitTheDeadline_IsAnsweredByAnotherModelAtOnce()
    {
        var limited = new ScriptedChatClient(ResilienceBench.Fails(ModelFailureKind.RateLimited, TimeSpan.FromSeconds(30)));
        using var services = new ServiceCollection().AddSingleton<TimeProvider>(_clock).AddLlmPipeline()
            .AddModel("limited", limited).AddModel("other", new ScriptedChatClient(ScriptedAnswer.Text("other")))
            .UseRouter().UseResilience()
            .Services.BuildServiceProvider();

        var outcome = await _clock.FinishAsync(
            Outcome.OfAsync(services.GetRequiredService<IChatClient>(), streamed, new LlmCallOptions { Deadline = _clock.GetUtcNow() + TimeSpan.FromSeconds(20) }));

        Assert.That(outcome.Text, Is.EqualTo("other"));
        Assert.That(outcome.Call!.Duration, Is.LessThan(TimeSpan.FromSeconds(5)));
        Assert.That(limited.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Ask_WindowWasExceededByARetry_NoModelWithASmallerOneIsTried()
    {
        var big = new ScriptedChatClient((number, _) => ResilienceBench.Fails(number == 0 ? ModelFailureKind.Transient : ModelFailureKind.ContextLengthExceeded), _clock);
        var small = new ScriptedChatClient(ScriptedAnswer.Text("small"));
        using var services = new ServiceCollection().AddSingleton<TimeProvider>(_clock).AddLlmPipeline()
            .AddModel("big", big, options => options.ContextWindow = 8_000).AddModel("small", small, options => options.ContextWindow = 4_000)
            .UseRouter().UseResilience()
            .Services.BuildServiceProvider();

        var outcome = await _clock.FinishAsync(Outcome.OfAsync(services.GetRequiredService<IChatClient>(), streamed));

        Assert.That(outcome.Error, Is.TypeOf<AttemptsExhaustedException>());
        Assert.That(small.Requests, Is.Empty);
    }
}
