using LlmKit.Execution.Resilience;
using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using NUnit.Framework;

namespace LlmKit.Tests.Execution.Resilience;

/// <summary>The only model of a pipeline is not cut off while it is down: there is nowhere else to go.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class LastResortTests(bool streamed)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Test]
    public async Task Circuit_OnlyModelIsBack_IsFoundByTheNextCall()
    {
        using var bench = await OpenAsync(lastResort: null);

        var text = await bench.AskAsync(streamed);

        Assert.That(text, Is.EqualTo("back"));
        Assert.That(bench.Stage.Circuit.State, Is.EqualTo(CircuitState.Closed));
    }

    [Test]
    public async Task Circuit_OnlyModelAndFiftyCallers_LetsOneThroughAtATime()
    {
        using var bench = await OpenAsync(lastResort: null);

        var callers = Enumerable.Range(0, 50).Select(_ => bench.StartAsync(streamed)).ToArray();
        await ManualTimeExtensions.UntilAsync(() => callers.Count(caller => caller.IsFaulted) == 49);
        await bench.Clock.EndAsync(Task.WhenAll(callers));

        Assert.That(bench.Model.Requests, Has.Count.EqualTo(5));
        var refusals = callers.Where(caller => caller.IsFaulted).Select(caller => caller.Exception!.InnerException).Cast<AttemptRefusedException>();
        Assert.That(refusals.Select(refusal => (refusal.Reason, refusal.RetryAfter)), Is.All.EqualTo((RefusalReason.CircuitOpen, (TimeSpan?)Second)));
    }

    [Test]
    public async Task Circuit_OnlyModelStaysDown_IsAskedByEachCallAndByNoRetry()
    {
        using var bench = Bench(lastResort: null, _ => ResilienceBench.Fails(), options => options.MaxRetries = 2);

        for (var i = 0; i < 6; i++)
            await bench.FailAsync(streamed);

        Assert.That(bench.Stage.Circuit.State, Is.EqualTo(CircuitState.Open));
        Assert.That(bench.Model.Requests, Has.Count.LessThanOrEqualTo(6 * 3));
    }

    [Test]
    public async Task Circuit_LastResortIsSwitchedOff_Refuses()
    {
        using var bench = await OpenAsync(lastResort: false);

        var exception = await bench.FailAsync(streamed);

        Assert.That(exception, Is.TypeOf<AttemptRefusedException>().With.Property(nameof(AttemptRefusedException.RetryAfter)).EqualTo(15 * Second));
    }

    [Test]
    public async Task Circuit_OneOfTwoModels_IsNoLastResort()
    {
        var down = new ScriptedChatClient(ResilienceBench.Fails());
        using var host = new PipelineHost(builder => builder
            .AddModel("down", down)
            .AddModel("up", new ScriptedChatClient(ScriptedAnswer.Text("up")))
            .UseRouter()
            .UseResilience(options => (options.MaxRetries, options.MinimumThroughput) = (0, 1)));

        for (var i = 0; i < 5; i++)
            await Outcome.OfAsync(host.Chat, streamed);

        Assert.That(down.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Health_OnlyModelIsDown_IsDegradedBecauseItIsStillAsked()
    {
        using var host = new PipelineHost(
            builder => builder.AddModel("down", new ScriptedChatClient(ResilienceBench.Fails())).UseResilience(options => (options.MaxRetries, options.MinimumThroughput) = (0, 1)),
            before: services => services.AddLogging().AddHealthChecks().AddCheck<LlmCircuitHealthCheck>("llm"));
        await Outcome.OfAsync(host.Chat, streamed);

        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.That(report.Entries["llm"].Status, Is.EqualTo(HealthStatus.Degraded));
    }

    private static ResilienceBench Bench(bool? lastResort, Func<int, ScriptedAnswer> script, Action<ResilienceOptions>? more = null)
    {
        var clock = new ManualTimeProvider();
        return new(Setting.Composed, new((number, _) => script(number), clock), clock, options =>
        {
            (options.MaxRetries, options.MinimumThroughput, options.LastResort) = (0, 4, lastResort);
            more?.Invoke(options);
        });
    }

    private async Task<ResilienceBench> OpenAsync(bool? lastResort)
    {
        var bench = Bench(lastResort, number => number < 4 ? ResilienceBench.Fails() : ScriptedAnswer.Text("back") with { Delay = Second });
        for (var i = 0; i < 4; i++)
            await bench.FailAsync(streamed);
        Assert.That(bench.Stage.Circuit.State, Is.EqualTo(CircuitState.Open));
        return bench;
    }
}
