using LlmKit.Calls;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace LlmKit.Tests.Pipeline;

[TestFixture(false)]
[TestFixture(true)]
public sealed class HostStopTests
{
    private readonly bool _streamed;
    private readonly HostApplicationBuilder _builder = Host.CreateEmptyApplicationBuilder(new());
    private readonly RememberingLogs _logs = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly RecordingLedger _ledger = new();

    public HostStopTests(bool streamed)
    {
        _streamed = streamed;
        _builder.Services.AddSingleton<ILoggerFactory>(_logs).AddSingleton<TimeProvider>(_clock);
    }

    [Test]
    public async Task Stop_CallInFlight_WaitsUntilItHasEndedAndSettled()
    {
        using var host = Start(ScriptedAnswer.Text("Par", "is") with { Delay = TimeSpan.FromSeconds(5) });
        var asking = Ask(host);

        var stopping = host.StopAsync();
        var endedEarly = stopping.IsCompleted;
        var (response, _) = await _clock.FinishAsync(asking);
        await stopping;

        Assert.That(endedEarly, Is.False);
        Assert.That(response.Text, Is.EqualTo("Paris"));
        Assert.That(_ledger.Holds.Single().Settled, Is.GreaterThan(0));
        Assert.That(_logs.Messages, Has.None.Contains("had not ended"));
    }

    [Test]
    public async Task Stop_NoCallInFlight_EndsAtOnce()
    {
        using var host = Start(ScriptedAnswer.Text("Paris"));
        await Ask(host);

        await host.StopAsync();

        Assert.That(_logs.Messages, Has.None.Contains("had not ended"));
    }

    [Test]
    public async Task Stop_TheHostsTimeIsOver_SaysHowManyCallsWereLeft()
    {
        using var host = Start(ScriptedAnswer.Hangs());
        using var caller = new CancellationTokenSource();
        var asking = host.Services.GetRequiredService<IChatClient>().FailAsync(_streamed, null, caller.Token);
        using var patience = new CancellationTokenSource();

        var stopping = host.Services.GetServices<IHostedService>().OfType<IHostedLifecycleService>().Single().StoppedAsync(patience.Token);
        await patience.CancelAsync();
        await stopping;

        Assert.That(_logs.Messages, Has.One.Contains("had not ended when the host stopped: 1."));
        await caller.CancelAsync();
        await asking;
    }

    [Test]
    public async Task Stop_ServiceThatCallsWasRegisteredFirst_ItsLastCallIsWaitedFor()
    {
        Worker? worker = null;
        _builder.Services.AddHostedService(services => worker = new(() => services.GetRequiredService<IChatClient>().AskAsync(_streamed)));
        using var host = Start(ScriptedAnswer.Text("Paris") with { Delay = TimeSpan.FromSeconds(5) });
        worker!.Ask();

        var stopping = host.StopAsync();
        await _clock.EndAsync(worker.Asking!);
        await ManualTimeExtensions.UntilAsync(() => worker.AskedWhenStopped is { IsCompleted: false });
        var endedEarly = stopping.IsCompleted;
        await _clock.EndAsync(worker.AskedWhenStopped!);
        await stopping;

        Assert.That(endedEarly, Is.False);
        Assert.That(_ledger.Holds.Select(hold => hold.Settled), Has.Exactly(2).Items.And.All.GreaterThan(0));
    }

    [Test]
    public async Task Stop_AnswerIsBeingKept_WaitsForIt()
    {
        var answer = new SlowToKeep();
        using var host = Start(ScriptedAnswer.Text("Paris"), pipeline => pipeline.Use((inner, _) => new StagingChatClient(inner, answer)));
        await Ask(host);

        var stopping = host.StopAsync();
        var endedEarly = stopping.IsCompleted;
        answer.Kept.SetResult();
        await stopping;

        Assert.That(endedEarly, Is.False);
    }

    /// <summary>Makes a call while it runs and one more when it is asked to stop, and ends when the first has ended.</summary>
    private sealed class Worker(Func<Task> ask) : IHostedService
    {
        public Task? Asking { get; private set; }

        public Task? AskedWhenStopped { get; private set; }

        public void Ask() => Asking = ask();

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public async Task StopAsync(CancellationToken cancellationToken)
        {
            await Asking!;
            AskedWhenStopped = ask();
        }
    }

    /// <summary>An answer that takes its time to be kept.</summary>
    private sealed class SlowToKeep : IStagedAnswer
    {
        public TaskCompletionSource Kept { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ValueTask CommitAsync(LlmCall call) => new(Kept.Task);

        public void Discard() => throw new InvalidOperationException("The answer is good.");
    }

    private IHost Start(ScriptedAnswer answer, Action<LlmPipelineBuilder>? more = null)
    {
        var pipeline = _builder.Services.AddLlmPipeline()
            .AddModel("model", new ScriptedChatClient((_, _) => answer, _clock), options => options.Price = new(1_000_000, 2_000_000))
            .UseLedger(_ledger);
        more?.Invoke(pipeline);
        var host = _builder.Build();
        host.Start();
        return host;
    }

    private Task<(ChatResponse Response, LlmKit.Calls.LlmCall Call)> Ask(IHost host) => host.Services.GetRequiredService<IChatClient>().AskAsync(_streamed);
}
