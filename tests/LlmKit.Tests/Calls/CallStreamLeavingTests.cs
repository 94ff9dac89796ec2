using System.Runtime.CompilerServices;
using LlmKit.Calls;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Calls;

public sealed class CallStreamLeavingTests
{
    private readonly List<LlmCall> _completed = [];
    private readonly RecordingLedger _ledger = new();

    [Test]
    public async Task Dispose_AfterTheFirstUpdate_SettlesAndClosesTheInnerStream()
    {
        var model = new ScriptedChatClient(ScriptedAnswer.Text("Par", "is"));
        using var host = Host(model);
        var stream = Stream(host);
        await stream.MoveNextAsync();

        await stream.DisposeAsync();

        Assert.That(_ledger.Holds.Single().Settled, Is.GreaterThan(0));
        Assert.That(model.OpenStreams, Is.Zero);
        Assert.That(_completed.Single().Status, Is.EqualTo(CallStatus.Abandoned));
    }

    [Test]
    public async Task Dispose_WhileAMoveIsPending_SettlesAndDoesNotThrow()
    {
        var model = new ScriptedChatClient(ScriptedAnswer.Text("Par", "is") with { HangAfterChunks = 1 });
        using var host = Host(model);
        var stream = Stream(host);
        await stream.MoveNextAsync();
        var moving = stream.MoveNextAsync().AsTask();

        await stream.DisposeAsync();

        Assert.That(async () => await moving, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(_ledger.Holds.Single().Ends, Is.EqualTo(1));
        Assert.That(model.OpenStreams, Is.Zero);
        Assert.That(_completed.Single().Status, Is.EqualTo(CallStatus.Abandoned));
    }

    [Test]
    public async Task Dispose_WhileADeafModelIsPending_SettlesInBoundedTime()
    {
        using var host = Host(new ScriptedChatClient(ScriptedAnswer.Text("Par", "is") with { HangAfterChunks = 1, IsDeaf = true }));
        var stream = Stream(host);
        await stream.MoveNextAsync();
        var moving = stream.MoveNextAsync().AsTask();

        var leaving = stream.DisposeAsync().AsTask();
        while (!leaving.IsCompleted || !moving.IsCompleted)
        {
            host.Clock.Advance(TimeSpan.FromMilliseconds(250));
            await Task.Yield();
        }

        await Assert.ThatAsync(() => leaving, Throws.Nothing);
        await Assert.ThatAsync(() => moving, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(_ledger.Holds.Single().Ends, Is.EqualTo(1));
        Assert.That(_completed, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Dispose_WhileTheReservationIsPending_SendsNothingAndGivesTheMoneyBack()
    {
        var model = new ScriptedChatClient(ScriptedAnswer.Text("Paris"));
        var ledgerAnswers = new TaskCompletionSource();
        _ledger.Wait = () => new(ledgerAnswers.Task);
        using var host = Host(model);
        var stream = Stream(host);
        var moving = stream.MoveNextAsync().AsTask();

        var leaving = stream.DisposeAsync().AsTask();
        while (!leaving.IsCompleted || !moving.IsCompleted)
        {
            host.Clock.Advance(TimeSpan.FromMilliseconds(250));
            await Task.Yield();
        }

        ledgerAnswers.SetResult();
        await Assert.ThatAsync(() => moving, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await Collecting.UntilAsync(() => _ledger.Holds is [{ IsReleased: true }]), Is.True);
        Assert.That(model.Requests, Is.Empty);
    }

    [Test]
    public async Task Dispose_AfterTheEnd_ChangesNothing()
    {
        using var host = Host(new ScriptedChatClient(ScriptedAnswer.Text("Paris")));
        var stream = Stream(host);
        while (await stream.MoveNextAsync())
        {
        }

        await stream.DisposeAsync();
        await stream.DisposeAsync();

        Assert.That(_completed.Single().Status, Is.EqualTo(CallStatus.Completed));
    }

    [Test]
    public async Task Dispose_InsideADecoratorThatLeavesEarly_SettlesTheAttempt()
    {
        using var host = Host(new ScriptedChatClient(ScriptedAnswer.Text("Par", "is")), builder => builder.Use(inner => new FirstUpdateOnlyChatClient(inner)));

        var (response, call) = await host.Chat.AskAsync(streamed: true);

        Assert.That(response.Text, Is.EqualTo("Par"));
        Assert.That(call.Status, Is.EqualTo(CallStatus.Completed));
        Assert.That(_ledger.Holds.Single().Ends, Is.EqualTo(1));
        Assert.That(call.Attempts.Single().Failure!.Kind, Is.EqualTo(LlmKit.Models.ModelFailureKind.Cancelled));
    }

    [Test]
    public async Task Abandon_StreamThatNobodyDisposes_IsSettledWhenCollected()
    {
        using var host = Host(new ScriptedChatClient(ScriptedAnswer.Text("Par", "is")));
        await LoseStreamAsync(host, default);

        Assert.That(await Collecting.UntilAsync(() => _completed.Count == 1 && _ledger.Holds.Single().Ends == 1), Is.True);

        Assert.That(_completed.Single().Status, Is.EqualTo(CallStatus.Abandoned));
        Assert.That(_ledger.Spent, Is.GreaterThan(0));
    }

    [Test]
    public async Task Abandon_StreamUnderATokenAndADeadlineThatLiveOn_IsSettledWhenCollected()
    {
        using var living = new CancellationTokenSource();
        var model = new ScriptedChatClient(ScriptedAnswer.Text("Par", "is"));
        using var host = Host(model, builder => builder.WithConstraints(constraints => constraints.Latency = TimeSpan.FromHours(1)));
        await LoseStreamAsync(host, living.Token);

        Assert.That(await Collecting.UntilAsync(() => _completed.Count == 1 && _ledger.Holds.Single().Ends == 1 && model.OpenStreams == 0), Is.True);

        Assert.That(host.Clock.ActiveTimers, Is.Zero);
    }

    private IAsyncEnumerator<ChatResponseUpdate> Stream(PipelineHost host, CancellationToken cancellationToken = default) =>
        host.Chat.GetStreamingResponseAsync(Asking.Question, new LlmCallOptions { OnCompleted = _completed.Add }, cancellationToken).GetAsyncEnumerator(CancellationToken.None);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task LoseStreamAsync(PipelineHost host, CancellationToken cancellationToken)
    {
        var stream = Stream(host, cancellationToken);
        await stream.MoveNextAsync();
    }

    private PipelineHost Host(IChatClient model, Action<LlmPipelineBuilder>? more = null) => PipelineHost.For(model, builder =>
    {
        builder.UseLedger(_ledger);
        more?.Invoke(builder);
    });

    /// <summary>Passes on the first update and ends well.</summary>
    private sealed class FirstUpdateOnlyChatClient(IChatClient inner) : DelegatingChatClient(inner)
    {
        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
            {
                yield return update;
                yield break;
            }
        }
    }
}
