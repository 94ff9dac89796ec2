using LlmKit.Calls;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Calls;

public sealed class CallStreamTests
{
    private readonly List<LlmCall> _completed = [];
    private readonly RecordingLedger _ledger = new();

    private LlmCallOptions Options => new() { OnCompleted = _completed.Add };

    [Test]
    public async Task Stream_End_IsOneEmptyUpdateWithTheCall()
    {
        using var host = Host(ScriptedAnswer.Text("Par", "is"));

        var updates = await host.Chat.GetStreamingResponseAsync(Asking.Question, Options).ToListAsync();

        Assert.That(updates.Count(update => update.GetCall() is not null), Is.EqualTo(1));
        Assert.That(updates[^1].GetCall(), Is.SameAs(_completed.Single()));
        Assert.That(updates[^1].Contents, Is.Empty);
        Assert.That(updates[^1].Text, Is.Empty);
    }

    [Test]
    public async Task Stream_JoinedUpdates_EqualThePlainAnswer()
    {
        var answer = ScriptedAnswer.Text("Par", "is") with { Contents = [new FunctionCallContent("1", "look", new Dictionary<string, object?> { ["city"] = "Paris" })] };
        using var host = Host(answer);
        var plain = await host.Chat.GetResponseAsync(Asking.Question);

        var streamed = await host.Chat.GetStreamingResponseAsync(Asking.Question).ToChatResponseAsync();

        Assert.That(streamed.Messages, Has.Count.EqualTo(plain.Messages.Count));
        Assert.That(streamed.Messages[0].Role, Is.EqualTo(plain.Messages[0].Role));
        Assert.That(streamed.Text, Is.EqualTo(plain.Text));
        Assert.That(streamed.Messages[0].Contents.Select(content => content.GetType()), Is.EqualTo(plain.Messages[0].Contents.Select(content => content.GetType())));
        Assert.That(streamed.FinishReason, Is.EqualTo(plain.FinishReason));
        Assert.That(streamed.ModelId, Is.EqualTo(plain.ModelId));
        Assert.That(streamed.Usage!.TotalTokenCount, Is.EqualTo(plain.Usage!.TotalTokenCount));
    }

    [Test]
    public async Task Stream_NotEnumerated_OpensNothing()
    {
        using var host = Host(ScriptedAnswer.Text("Paris"));

        await using var enumerator = host.Chat.GetStreamingResponseAsync(Asking.Question, Options).GetAsyncEnumerator();

        Assert.That(_ledger.Holds, Is.Empty);
        Assert.That(_completed, Is.Empty);
    }

    [Test]
    public async Task Stream_EnumeratorDisposedUnmoved_OpensNothing()
    {
        using var host = Host(ScriptedAnswer.Text("Paris"));
        var enumerator = host.Chat.GetStreamingResponseAsync(Asking.Question, Options).GetAsyncEnumerator();

        await enumerator.DisposeAsync();

        Assert.That(await enumerator.MoveNextAsync(), Is.False);
        Assert.That(_completed, Is.Empty);
    }

    [Test]
    public async Task Stream_EnumeratedTwice_IsTwoSettledCalls()
    {
        using var host = Host(ScriptedAnswer.Text("Paris"));
        var stream = host.Chat.GetStreamingResponseAsync(Asking.Question, Options);

        await stream.ToListAsync();
        await stream.ToListAsync();

        Assert.That(_completed, Has.Count.EqualTo(2).And.Unique);
        Assert.That(_ledger.Holds.Select(hold => hold.Settled), Is.EqualTo(new decimal?[] { 12, 12 }));
    }

    [Test]
    public async Task Stream_CancelledBeforeTheFirstMove_SendsNothing()
    {
        using var host = Host(ScriptedAnswer.Text("Paris"));
        using var cancel = new CancellationTokenSource();
        var stream = host.Chat.GetStreamingResponseAsync(Asking.Question, Options, cancel.Token);
        await cancel.CancelAsync();

        Assert.That(async () => await stream.ToListAsync(), Throws.InstanceOf<OperationCanceledException>());

        Assert.That(_ledger.Holds, Is.Empty);
        Assert.That(_completed.Single().Status, Is.EqualTo(CallStatus.Cancelled));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Stream_EitherTokenCancelled_EndsAHangingModel(bool byMethod)
    {
        using var host = Host(ScriptedAnswer.Text("Par", "is") with { HangAfterChunks = 1 });
        using var method = new CancellationTokenSource();
        using var enumeration = new CancellationTokenSource();
        await using var stream = host.Chat.GetStreamingResponseAsync(Asking.Question, Options, method.Token).GetAsyncEnumerator(enumeration.Token);
        await stream.MoveNextAsync();

        var moving = stream.MoveNextAsync();
        await (byMethod ? method : enumeration).CancelAsync();

        Assert.That(async () => await moving, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(_completed.Single().Status, Is.EqualTo(CallStatus.Cancelled));
    }

    [Test]
    public async Task Stream_FailureInTheMiddle_ReachesTheReaderAfterWhatCame()
    {
        var failure = new IOException("cut");
        using var host = Host(ScriptedAnswer.Text("Par", "is") with { Failure = failure, FailAfterChunks = 1 });
        await using var stream = host.Chat.GetStreamingResponseAsync(Asking.Question, Options).GetAsyncEnumerator();

        Assert.That(await stream.MoveNextAsync(), Is.True);
        Assert.That(stream.Current.Text, Is.EqualTo("Par"));
        Assert.That(async () => await stream.MoveNextAsync(), Throws.Exception.SameAs(failure));
        Assert.That(await stream.MoveNextAsync(), Is.False);

        Assert.That(_ledger.Holds.Single().Ends, Is.EqualTo(1));
        Assert.That(_completed.Single().Attempts.Single().Failure!.Kind, Is.EqualTo(LlmKit.Models.ModelFailureKind.Transient));
    }

    [Test]
    public async Task Stream_WithoutFinishReason_IsTruncated()
    {
        using var host = Host(ScriptedAnswer.Text("Par") with { FinishReason = null });
        var seen = new List<string>();

        var exception = Assert.ThrowsAsync<TruncatedAnswerException>(async () =>
        {
            await foreach (var update in host.Chat.GetStreamingResponseAsync(Asking.Question, Options))
                seen.Add(update.Text);
        });

        Assert.That(seen, Does.Contain("Par"));
        Assert.That(exception!.GetModelFailure()!.Kind, Is.EqualTo(LlmKit.Models.ModelFailureKind.Truncated));
        Assert.That(exception.GetCall()!.Status, Is.EqualTo(CallStatus.Failed));
        Assert.That(_ledger.Holds.Single().Settled, Is.GreaterThan(0));
        await Task.CompletedTask;
    }

    [Test]
    public async Task Stream_WithoutFinishReasonFromAServerThatNeverSendsOne_IsWhole()
    {
        using var host = PipelineHost.For(ScriptedAnswer.Text("Paris") with { FinishReason = null }, facts: options => options.RequireFinishReason = false);

        var (response, call) = await host.Chat.AskAsync(streamed: true);

        Assert.That(response.Text, Is.EqualTo("Paris"));
        Assert.That(call.Status, Is.EqualTo(CallStatus.Completed));
    }

    [Test]
    public async Task Stream_EmptyButFinished_IsAnAnswer()
    {
        using var host = Host(new ScriptedAnswer());

        var (response, call) = await host.Chat.AskAsync(streamed: true);

        Assert.That(response.Text, Is.Empty);
        Assert.That(call.Status, Is.EqualTo(CallStatus.Completed));
    }

    [Test]
    public async Task Stream_InsideAnOpenCall_PassesTheInnerStreamItself()
    {
        IAsyncEnumerable<ChatResponseUpdate>? inner = null;
        IAsyncEnumerable<ChatResponseUpdate>? outer = null;
        using var host = Host(ScriptedAnswer.Text("Paris"), builder => builder
            .Use(client => new WatchingChatClient(client, stream => outer = stream))
            .AddStage(TestStages.Passing("idle"))
            .Use(client => new WatchingChatClient(client, stream => inner = stream)));

        await host.Chat.AskAsync(streamed: true);

        Assert.That(outer, Is.Not.Null.And.SameAs(inner));
    }

    private PipelineHost Host(ScriptedAnswer answer, Action<LlmPipelineBuilder>? more = null) => PipelineHost.For(answer, builder =>
    {
        builder.UseLedger(_ledger);
        more?.Invoke(builder);
    });

    /// <summary>Shows a test each stream that the inner client gives.</summary>
    private sealed class WatchingChatClient(IChatClient inner, Action<IAsyncEnumerable<ChatResponseUpdate>> watch) : DelegatingChatClient(inner)
    {
        public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            var stream = base.GetStreamingResponseAsync(messages, options, cancellationToken);
            watch(stream);
            return stream;
        }
    }
}
