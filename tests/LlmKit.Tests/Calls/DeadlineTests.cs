using LlmKit.Calls;
using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Calls;

[TestFixture(false)]
[TestFixture(true)]
public sealed class DeadlineTests(bool streamed)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private readonly RecordingLedger _ledger = new();

    [TestCase(false)]
    [TestCase(true)]
    public async Task Ask_ModelThatHangs_EndsAtTheDeadline(bool deaf)
    {
        using var host = Host(ScriptedAnswer.Hangs() with { IsDeaf = deaf });

        var exception = await FailAfterAsync(host, Limit);

        Assert.That(exception, Is.InstanceOf<LlmTimeoutException>().With.Property("Limit").EqualTo(TimeLimit.Deadline));
        Assert.That(((LlmTimeoutException)exception).After, Is.EqualTo(Limit));
        Assert.That(exception.GetCall()!.Status, Is.EqualTo(CallStatus.Failed));
        Assert.That(exception.GetCall()!.Attempts.Single().Failure!.Kind, Is.EqualTo(ModelFailureKind.Timeout));
        Assert.That(_ledger.Holds.Single().Settled, Is.GreaterThan(0));
    }

    [Test]
    public async Task Ask_DecoratorThatDropsTheToken_EndsAtTheDeadline()
    {
        using var host = Host(ScriptedAnswer.Hangs(), builder => builder.Use(inner => new TokenDroppingChatClient(inner)));

        var exception = await FailAfterAsync(host, Limit);

        Assert.That(exception, Is.InstanceOf<LlmTimeoutException>());
    }

    [Test]
    public async Task Ask_CallsOwnEarlierDeadline_Wins()
    {
        using var host = Host(ScriptedAnswer.Hangs());

        var exception = await FailAfterAsync(host, TimeSpan.FromSeconds(1), new() { Deadline = host.Clock.GetUtcNow().AddSeconds(1) });

        Assert.That(((LlmTimeoutException)exception).After, Is.EqualTo(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public async Task Ask_CallsOwnLaterDeadline_DoesNotStretchThePipelines()
    {
        using var host = Host(ScriptedAnswer.Hangs());

        var exception = await FailAfterAsync(host, Limit, new() { Deadline = DateTimeOffset.MaxValue });

        Assert.That(((LlmTimeoutException)exception).After, Is.EqualTo(Limit));
    }

    [Test]
    public async Task Ask_DeadlineInThePast_AsksNoModel()
    {
        var model = new ScriptedChatClient(ScriptedAnswer.Text("Paris"));
        using var host = PipelineHost.For(model);

        var exception = await host.Chat.FailAsync(streamed, new LlmCallOptions { Deadline = host.Clock.GetUtcNow().AddYears(-1) });

        Assert.That(exception, Is.InstanceOf<LlmTimeoutException>());
        Assert.That(model.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_DeadlineBeyondAnyTimer_Answers()
    {
        using var host = PipelineHost.For(ScriptedAnswer.Text("Paris"));

        var (response, _) = await host.Chat.AskAsync(streamed, new LlmCallOptions { Deadline = DateTimeOffset.MaxValue });

        Assert.That(response.Text, Is.EqualTo("Paris"));
    }

    [Test]
    public async Task Ask_CallerCancelsUnderADeadline_IsACancellation()
    {
        using var cancel = new CancellationTokenSource();
        using var host = Host(ScriptedAnswer.Hangs());

        var failing = host.Chat.FailAsync(streamed, null, cancel.Token);
        await cancel.CancelAsync();

        Assert.That(await failing, Is.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task Ask_Answered_LeavesNoTimerBehind()
    {
        using var host = Host(ScriptedAnswer.Text("Paris"));

        await host.Chat.AskAsync(streamed);

        Assert.That(host.Clock.ActiveTimers, Is.Zero);
    }

    private async Task<Exception> FailAfterAsync(PipelineHost host, TimeSpan time, LlmCallOptions? options = null)
    {
        var failing = host.Chat.FailAsync(streamed, options);
        host.Clock.Advance(time - TimeSpan.FromTicks(1));
        Assert.That(failing.IsCompleted, Is.False);
        host.Clock.Advance(TimeSpan.FromTicks(1));
        while (!failing.IsCompleted)
        {
            // A deaf stream is given a bounded time to end before it is left.
            host.Clock.Advance(TimeSpan.FromMilliseconds(250));
            await Task.Yield();
        }

        return await failing;
    }

    private PipelineHost Host(ScriptedAnswer answer, Action<LlmPipelineBuilder>? more = null) => PipelineHost.For(answer, builder =>
    {
        builder.WithConstraints(constraints => constraints.Latency = Limit).UseLedger(_ledger);
        more?.Invoke(builder);
    });

    /// <summary>Passes everything on but the token.</summary>
    private sealed class TokenDroppingChatClient(IChatClient inner) : DelegatingChatClient(inner)
    {
        public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            base.GetResponseAsync(messages, options, CancellationToken.None);

        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await foreach (var update in base.GetStreamingResponseAsync(messages, options, CancellationToken.None))
                yield return update;
        }
    }
}
