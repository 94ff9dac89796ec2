using System.Runtime.CompilerServices;
using LlmKit.Execution.Resilience;
using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using static LlmKit.Tests.Execution.Resilience.ResilienceBench;

namespace LlmKit.Tests.Execution.Resilience;

public class ResilienceCircuitTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Test]
    public async Task Request_CircuitIsOpen_IsRefusedWithoutAskingTheModel([Values] Setting setting, [Values] bool streamed)
    {
        using var bench = await OpenAsync(setting, streamed);

        var exception = (AttemptRefusedException)await bench.FailAsync(streamed);

        Assert.That(exception.Reason, Is.EqualTo(RefusalReason.CircuitOpen));
        Assert.That(exception.Model, Is.EqualTo("m"));
        Assert.That(exception.RetryAfter, Is.EqualTo(15 * Second));
        Assert.That(bench.Model.Requests, Has.Count.EqualTo(4));
        Assert.That(bench.Steps.Single().Decision, Is.EqualTo("circuit-open"));
    }

    [Test]
    public async Task Request_OpensTheCircuit_IsNotRepeatedInVain([Values] Setting setting, [Values] bool streamed)
    {
        using var bench = Bench(setting, options => options.MaxRetries = 10, _ => Fails());

        var exception = (AttemptsExhaustedException)await bench.FailAsync(streamed);

        Assert.That(exception.Failures, Has.Count.EqualTo(4).And.None.InstanceOf<AttemptRefusedException>());
        Assert.That(bench.Steps.Select(step => step.Decision).TakeLast(2), Is.EqualTo(new[] { "circuit-opened", "give-up" }));
        Assert.That(bench.Call!.Duration, Is.LessThan(5 * Second), "the wait for the break is not begun");
    }

    [Test]
    public async Task Circuit_ModelIsBack_Closes([Values] Setting setting, [Values] bool streamed)
    {
        using var bench = await OpenAsync(setting, streamed);
        bench.Clock.Advance(15 * Second);

        await bench.AskAsync(streamed);

        Assert.That(bench.Stage.Circuit.State, Is.EqualTo(CircuitState.Closed));
    }

    [Test]
    public async Task Circuit_HalfOpenAndFiftyCallers_LetsExactlyTheProbesThrough([Values] Setting setting, [Values] bool streamed, [Values(1, 3)] int probes)
    {
        var down = true;
        using var bench = Bench(
            setting, options => options.HalfOpenProbes = probes, _ => down ? Fails() : ScriptedAnswer.Text("a") with { Delay = Second });
        await FailAsync(bench, streamed, 4);
        down = false;
        bench.Clock.Advance(15 * Second);

        var callers = Enumerable.Range(0, 50).Select(_ => Task.Run(() => bench.StartAsync(streamed))).ToArray();
        await ManualTimeExtensions.UntilAsync(() => callers.Count(caller => caller.IsFaulted) == 50 - probes && bench.Clock.ActiveTimers == 2 * probes);

        Assert.That(bench.Model.Requests, Has.Count.EqualTo(4 + probes));
        Assert.That(callers.Where(caller => caller.IsFaulted).Select(caller => caller.Exception!.InnerException), Is.All.InstanceOf<AttemptRefusedException>());
        await bench.Clock.EndAsync(Task.WhenAll(callers));
        Assert.That(callers.Count(caller => caller.IsCompletedSuccessfully), Is.EqualTo(probes));
        Assert.That(bench.Stage.Circuit.State, Is.EqualTo(CircuitState.Closed));
    }

    [Test]
    public async Task Circuit_OldCallEndsWhileItIsHalfOpen_ChangesNothing([Values] Setting setting, [Values] bool streamed, [Values] bool fails)
    {
        var slow = fails ? Fails() with { Delay = 20 * Second, Chunks = [], } : ScriptedAnswer.Text("a") with { Delay = 20 * Second };
        var fallen = false;
        using var bench = Bench(
            setting,
            options => options.FirstContentTimeout = null,
            number => number == 0 ? slow : fallen ? ScriptedAnswer.Hangs() : Fails());
        var old = bench.StartAsync(streamed);
        for (var i = 0; i < 4; i++)
            Assert.CatchAsync(() => bench.StartAsync(streamed));
        fallen = true;
        bench.Clock.Advance(15 * Second);
        _ = bench.StartAsync(streamed);

        bench.Clock.Advance(5 * Second);

        await ManualTimeExtensions.UntilAsync(() => old.IsCompleted);
        Assert.That(old.IsFaulted, Is.EqualTo(fails));
        Assert.That(bench.Stage.Circuit.State, Is.EqualTo(CircuitState.HalfOpen));
        Assert.That(await bench.FailAsync(streamed), Is.InstanceOf<AttemptRefusedException>());
    }

    [Test]
    public async Task Circuit_FailuresInMidStream_Count([Values] Setting setting)
    {
        var broken = ScriptedAnswer.Text("a", "b") with { Failure = Failure(ModelFailureKind.Transient), FailAfterChunks = 1 };
        using var bench = Bench(setting, null, _ => broken);

        await FailAsync(bench, streamed: true, 4);

        Assert.That(bench.Stage.Circuit.State, Is.EqualTo(CircuitState.Open));
    }

    [Test]
    public async Task Circuit_CutStreams_Count()
    {
        using var bench = Bench(Setting.Composed, null, _ => ScriptedAnswer.Text("a") with { FinishReason = null });

        await FailAsync(bench, streamed: true, 4);

        Assert.That(bench.Stage.Circuit.State, Is.EqualTo(CircuitState.Open));
        Assert.That(bench.Stage.Circuit.Reason, Is.EqualTo(ModelFailureKind.Truncated));
    }

    [Test]
    public async Task Circuit_Timeouts_Count([Values] Setting setting, [Values] bool streamed)
    {
        using var bench = Bench(setting, options => options.SamplingWindow = TimeSpan.FromHours(1), _ => ScriptedAnswer.Hangs());

        await FailAsync(bench, streamed, 4);

        Assert.That(bench.Stage.Circuit.State, Is.EqualTo(CircuitState.Open));
        Assert.That(bench.Stage.Circuit.Reason, Is.EqualTo(ModelFailureKind.Timeout));
    }

    [Test]
    public async Task Circuit_CallersOwnMistakesAndRefusals_DoNotCount([Values] Setting setting, [Values] bool streamed)
    {
        var refusal = new AttemptRefusedException(RefusalReason.Limit, "m", "no");
        using var bench = Bench(setting, null, number => number % 2 == 0 ? Fails(ModelFailureKind.InvalidRequest) : ScriptedAnswer.Throws(refusal));

        await FailAsync(bench, streamed, 50);

        Assert.That(bench.Stage.Circuit.State, Is.EqualTo(CircuitState.Closed));
    }

    [Test]
    public async Task Circuit_FailuresThatRepeatingCannotMend_DoNotCount(
        [Values(ModelFailureKind.ContentFiltered, ModelFailureKind.ContextLengthExceeded, ModelFailureKind.Unauthorized, ModelFailureKind.QuotaExhausted, ModelFailureKind.ModelNotFound)] ModelFailureKind kind,
        [Values] Setting setting,
        [Values] bool streamed)
    {
        using var bench = Bench(setting, null, _ => Fails(kind));

        await FailAsync(bench, streamed, 8);

        Assert.That(bench.Stage.Circuit.State, Is.EqualTo(CircuitState.Closed));
        Assert.That(bench.Model.Requests, Has.Count.EqualTo(8));
    }

    [Test]
    public async Task Circuit_AnswersThatTheModelRefusesToGive_AreSuccesses([Values] Setting setting, [Values] bool streamed)
    {
        var refused = ScriptedAnswer.Text("I cannot say.") with { FinishReason = ChatFinishReason.ContentFilter };
        using var bench = Bench(setting, null, number => number < 4 ? refused : Fails());
        for (var i = 0; i < 4; i++)
            await bench.AskAsync(streamed);

        await FailAsync(bench, streamed, 3);

        Assert.That(bench.Stage.Circuit.State, Is.EqualTo(CircuitState.Closed), "3 failures of 7 are fewer than half");
    }

    [Test]
    public async Task Circuit_StreamsLeftOrCancelledInTheMiddle_DoNotCount([Values] Setting setting, [Values] bool cancelled)
    {
        using var bench = Bench(setting, null, _ => ScriptedAnswer.Text("a", "b") with { HangAfterChunks = 1 });

        for (var i = 0; i < 12; i++)
        {
            using var caller = new CancellationTokenSource();
            var stream = bench.Client.GetStreamingResponseAsync("q", cancellationToken: caller.Token).GetAsyncEnumerator();
            await stream.MoveNextAsync();
            var pending = stream.MoveNextAsync().AsTask();
            if (cancelled)
                await caller.CancelAsync();
            await stream.DisposeAsync();
            Assert.CatchAsync(() => pending);
        }

        Assert.That(bench.Stage.Circuit.State, Is.EqualTo(CircuitState.Closed));
        Assert.That(bench.Model.OpenStreams, Is.Zero);
    }

    [Test]
    public async Task Circuit_Cancellations_DoNotCount([Values] Setting setting, [Values] bool streamed)
    {
        using var bench = Bench(setting, null, _ => ScriptedAnswer.Hangs());

        for (var i = 0; i < 20; i++)
        {
            using var caller = new CancellationTokenSource();
            var answer = bench.StartAsync(streamed, token: caller.Token);
            await caller.CancelAsync();
            Assert.CatchAsync<OperationCanceledException>(() => answer);
        }

        Assert.That(bench.Stage.Circuit.State, Is.EqualTo(CircuitState.Closed));
    }

    [Test]
    public async Task Circuit_ProbeIsAbandoned_GivesItsPermitBack([Values] Setting setting)
    {
        using var bench = await OpenAsync(setting, streamed: true);
        bench.Clock.Advance(15 * Second);

        await foreach (var _ in bench.Client.GetStreamingResponseAsync("q"))
            break;

        Assert.That(bench.Stage.Circuit.State, Is.EqualTo(CircuitState.HalfOpen));
        Assert.That(await bench.AskAsync(streamed: true), Is.EqualTo("a"));
        Assert.That(bench.Stage.Circuit.State, Is.EqualTo(CircuitState.Closed));
    }

    [Test]
    public async Task Circuit_ProbeIsRefusedBelow_GivesItsPermitBack([Values] bool streamed)
    {
        using var bench = await OpenAsync(Setting.Composed, streamed);
        bench.Clock.Advance(15 * Second);

        var refused = await bench.FailAsync(streamed, new() { ExcludedModels = ["m"] });

        Assert.That(((AttemptRefusedException)refused).Reason, Is.EqualTo(RefusalReason.Gate));
        Assert.That(await bench.AskAsync(streamed), Is.EqualTo("a"));
    }

    [Test]
    public async Task Circuit_ProbeIsLost_GivesItsPermitBackWhenCollected()
    {
        using var bench = await OpenAsync(Setting.Alone, streamed: true);
        bench.Clock.Advance(15 * Second);
        await LoseAsync(bench);
        bench.Clock.Advance(60 * Second);

        for (var i = 0; i < 20 && bench.Stage.Circuit.State != CircuitState.Closed; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            var answer = bench.StartAsync();
            await bench.Clock.EndAsync(answer);
        }

        Assert.That(bench.Stage.Circuit.State, Is.EqualTo(CircuitState.Closed));
    }

    [Test]
    public async Task Circuit_OnlyObserved_RecordsAndRefusesNothing([Values] Setting setting, [Values] bool streamed)
    {
        using var bench = await OpenAsync(setting, streamed, options => options.ObserveCircuit = true);
        Assert.That(bench.Steps.Single(step => step.Decision == "circuit-opened").Observed);

        var text = await bench.AskAsync(streamed);

        Assert.That(text, Is.EqualTo("a"));
        Assert.That(bench.Steps.Single().Decision, Is.EqualTo("circuit-open"));
        Assert.That(bench.Steps.Single().Observed);
    }

    [Test]
    public async Task Circuit_Off_NeverOpens([Values] Setting setting, [Values] bool streamed)
    {
        using var bench = Bench(setting, options => options.FailureRatio = null, _ => Fails());

        await FailAsync(bench, streamed, 30);

        Assert.That(bench.Model.Requests, Has.Count.EqualTo(30));
    }

    [Test]
    public async Task Circuit_SeveralModels_EachHasItsOwn()
    {
        var clock = new ManualTimeProvider();
        using var services = new ServiceCollection().AddSingleton<TimeProvider>(clock).AddLlmPipeline()
            .AddModel("first", new ScriptedChatClient(Fails())).AddModel("second", new ScriptedChatClient(ScriptedAnswer.Text("a")))
            .UseRouter()
            .UseResilience(options => (options.MaxRetries, options.MinimumThroughput) = (0, 4))
            .Services.BuildServiceProvider();
        var client = services.GetRequiredService<IChatClient>();

        for (var i = 0; i < 6; i++)
            Assert.That((await client.GetResponseAsync("q")).Text, Is.EqualTo("a"));

        Assert.That(client.GetService<CircuitSnapshot>("first")!.State, Is.EqualTo(CircuitState.Open));
        Assert.That(client.GetService<CircuitSnapshot>("second")!.State, Is.EqualTo(CircuitState.Closed));
        Assert.That(client.GetService<ResilienceChatClient>("first")!.Circuit.Model, Is.EqualTo("first"));
    }

    private static ResilienceBench Bench(Setting setting, Action<ResilienceOptions>? configure, Func<int, ScriptedAnswer> script)
    {
        var clock = new ManualTimeProvider();
        return new(setting, new((number, _) => script(number), clock), clock, options =>
        {
            (options.MaxRetries, options.MinimumThroughput) = (0, 4);
            configure?.Invoke(options);
        });
    }

    /// <summary>Gives a bench whose circuit four failures have opened, and whose model answers from then on.</summary>
    private static async Task<ResilienceBench> OpenAsync(Setting setting, bool streamed, Action<ResilienceOptions>? configure = null)
    {
        var bench = Bench(setting, configure, number => number < 4 ? Fails() : ScriptedAnswer.Text("a"));
        await FailAsync(bench, streamed, 4);
        Assert.That(bench.Stage.Circuit.State, Is.EqualTo(CircuitState.Open));
        return bench;
    }

    private static async Task FailAsync(ResilienceBench bench, bool streamed, int times)
    {
        for (var i = 0; i < times; i++)
            await bench.FailAsync(streamed);
    }

    /// <summary>Reads one update of a stream straight from the stage and drops the stream.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task LoseAsync(ResilienceBench bench)
    {
        var stream = bench.Client.GetStreamingResponseAsync("q").GetAsyncEnumerator();
        await stream.MoveNextAsync();
        Assert.That(bench.Stage.Circuit.State, Is.EqualTo(CircuitState.HalfOpen));
    }

    [Test]
    public async Task Circuit_StreamsThatStallInTheMiddle_Count([Values] Setting setting)
    {
        using var bench = Bench(setting, options => options.SamplingWindow = TimeSpan.FromHours(1), _ => ScriptedAnswer.Text("a", "b") with { HangAfterChunks = 1 });

        await FailAsync(bench, streamed: true, 4);

        Assert.That(bench.Stage.Circuit.State, Is.EqualTo(CircuitState.Open));
    }

    [Test]
    public async Task Circuit_ChangesOfState_AreSteps([Values] Setting setting, [Values] bool streamed)
    {
        using var bench = await OpenAsync(setting, streamed);
        bench.Clock.Advance(15 * Second);

        await bench.AskAsync(streamed);

        Assert.That(bench.Steps.Select(step => step.Decision), Is.EqualTo(new[] { "circuit-half-opened", "circuit-closed" }));
    }

    [Test]
    public async Task Circuit_SwitchedOffByAReloadWhileOpen_IsClosedByTheNextCall([Values] bool streamed)
    {
        var model = new ScriptedChatClient((number, _) => number < 4 ? Fails() : ScriptedAnswer.Text("a"));
        var configuration = ChangingConfiguration.Of(("Resilience:MinimumThroughput", "4"), ("Resilience:MaxRetries", "0"));
        using var rig = new BudgetRig(builder => builder.AddModel("m", model).UseResilience(options => options.LastResort = false), configuration: configuration);
        for (var i = 0; i < 4; i++)
            await rig.AskAsync(streamed);
        Assert.That(rig.Chat.GetService<CircuitSnapshot>()!.State, Is.EqualTo(CircuitState.Open));

        configuration.Change("Resilience:FailureRatio", "");
        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Is.EqualTo("a"));
        Assert.That(rig.Chat.GetService<CircuitSnapshot>()!.State, Is.EqualTo(CircuitState.Closed));
    }
}
