using LlmKit.Calls;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Calls;

[TestFixture(false)]
[TestFixture(true)]
public sealed class CallClosingTests(bool streamed)
{
    private readonly List<LlmCall> _completed = [];

    private LlmCallOptions Options => new() { OnCompleted = _completed.Add };

    [Test]
    public async Task Ask_Answer_CarriesTheClosedCall()
    {
        using var host = PipelineHost.For(ScriptedAnswer.Text("Par", "is"));

        var (response, call) = await host.Chat.AskAsync(streamed, Options);

        Assert.That(response.Text, Is.EqualTo("Paris"));
        Assert.That(call.Status, Is.EqualTo(CallStatus.Completed));
        Assert.That(call.Model, Is.EqualTo("model"));
        Assert.That(call.Cost, Is.EqualTo(14m));
        Assert.That(_completed, Is.EqualTo([call]));
    }

    [Test]
    public async Task Ask_Failure_ThrowsTheModelsOwnExceptionWithTheCall()
    {
        var failure = new HttpRequestException("broken", null, System.Net.HttpStatusCode.InternalServerError);
        using var host = PipelineHost.For(ScriptedAnswer.Throws(failure));

        var exception = await host.Chat.FailAsync(streamed, Options);

        Assert.That(exception, Is.SameAs(failure));
        Assert.That(exception.GetCall(), Is.SameAs(_completed.Single()));
        Assert.That(new InvalidOperationException("wrapped", exception).GetCall(), Is.SameAs(_completed.Single()));
        Assert.That(_completed.Single().Status, Is.EqualTo(CallStatus.Failed));
    }

    [Test]
    public async Task Ask_DecoratorThatReturnsNull_IsSaidAndClosesTheCall([Values] bool atOnce)
    {
        using var host = PipelineHost.For(ScriptedAnswer.Text("Paris"), builder => builder.Use(inner => new NullReturningChatClient(inner, atOnce)));

        var exception = await host.Chat.FailAsync(streamed);

        Assert.That(exception, Is.TypeOf<LlmException>().With.Message.Contains("'Default'").And.Message.Contains("Return what the inner client returned"));
        Assert.That(exception.GetCall()!.Status, Is.EqualTo(CallStatus.Failed));
    }

    [Test]
    public async Task Ask_Cancelled_ClosesAsCancelledOnce()
    {
        using var cancel = new CancellationTokenSource();
        using var host = PipelineHost.For(ScriptedAnswer.Hangs());

        var failing = host.Chat.FailAsync(streamed, Options, cancel.Token);
        await cancel.CancelAsync();
        var exception = await failing;

        Assert.That(exception, Is.InstanceOf<OperationCanceledException>());
        Assert.That(_completed.Single().Status, Is.EqualTo(CallStatus.Cancelled));
        Assert.That(exception.GetCall(), Is.SameAs(_completed.Single()));
    }

    [Test]
    public async Task Ask_PastItsDeadline_ClosesAsFailedOnce()
    {
        using var host = PipelineHost.For(ScriptedAnswer.Hangs(), builder => builder.WithConstraints(constraints => constraints.Latency = TimeSpan.FromSeconds(3)));

        var failing = host.Chat.FailAsync(streamed, Options);
        host.Clock.Advance(TimeSpan.FromSeconds(3));
        var exception = await failing;

        Assert.That(exception, Is.TypeOf<LlmTimeoutException>());
        Assert.That(_completed.Single().Status, Is.EqualTo(CallStatus.Failed));
        Assert.That(exception.GetCall(), Is.SameAs(_completed.Single()));
    }

    [Test]
    public async Task Ask_CancelledBefore_AsksNoModel()
    {
        var model = new ScriptedChatClient(ScriptedAnswer.Text("Paris"));
        using var host = PipelineHost.For(model);

        var exception = await host.Chat.FailAsync(streamed, Options, new CancellationToken(canceled: true));

        Assert.That(exception, Is.InstanceOf<OperationCanceledException>());
        Assert.That(model.Requests, Is.Empty);
        Assert.That(_completed.Single().Status, Is.EqualTo(CallStatus.Cancelled));
    }

    [Test]
    public async Task Ask_OnCompletedThrows_AnswersAndLogsTheTypeOnly()
    {
        using var host = PipelineHost.For(ScriptedAnswer.Text("Paris"));
        var options = new LlmCallOptions { OnCompleted = _ => throw new InvalidOperationException("a prompt") };

        var (response, _) = await host.Chat.AskAsync(streamed, options);

        Assert.That(response.Text, Is.EqualTo("Paris"));
        Assert.That(host.Logs.Messages, Has.One.Contains("InvalidOperationException"));
        Assert.That(host.Logs.Messages, Has.None.Contains("a prompt"));
    }

    [Test]
    public async Task Ask_Answer_CommitsWhatWasStagedOnce()
    {
        var answer = new RecordingAnswer();
        using var host = PipelineHost.For(ScriptedAnswer.Text("Paris"), builder => builder.Use(inner => new StagingChatClient(inner, answer)));

        await host.Chat.AskAsync(streamed);

        Assert.That(answer.Ends, Is.EqualTo(["kept Completed"]));
    }

    [Test]
    public async Task Ask_Failure_DropsWhatWasStagedOnce()
    {
        var answer = new RecordingAnswer();
        using var host = PipelineHost.For(ScriptedAnswer.Throws(new IOException()), builder => builder.Use(inner => new StagingChatClient(inner, answer)));

        await host.Chat.FailAsync(streamed);

        Assert.That(answer.Ends, Is.EqualTo(["dropped"]));
    }

    [Test]
    public async Task Ask_CommitFails_AnswersAndLogsTheTypeOnly()
    {
        var answer = new RecordingAnswer { Throws = new IOException("a prompt") };
        using var host = PipelineHost.For(ScriptedAnswer.Text("Paris"), builder => builder.Use(inner => new StagingChatClient(inner, answer)));

        var (response, _) = await host.Chat.AskAsync(streamed);

        Assert.That(response.Text, Is.EqualTo("Paris"));
        Assert.That(host.Logs.Messages, Has.One.Contains("IOException").And.None.Contains("a prompt"));
    }

    [Test]
    public async Task Ask_DropFails_ThrowsTheModelsExceptionAndStillCompletes()
    {
        var answer = new RecordingAnswer { Throws = new IOException("store") };
        var failure = new TimeoutException();
        using var host = PipelineHost.For(ScriptedAnswer.Throws(failure), builder => builder.Use(inner => new StagingChatClient(inner, answer)));

        var exception = await host.Chat.FailAsync(streamed, Options);

        Assert.That(exception, Is.SameAs(failure));
        Assert.That(_completed, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Stage_AfterTheCallClosed_DropsAtOnce()
    {
        var answer = new RecordingAnswer();
        using var host = PipelineHost.For(ScriptedAnswer.Text("Paris"));
        var (_, call) = await host.Chat.AskAsync(streamed);

        call.Stage(answer);

        Assert.That(answer.Ends, Is.EqualTo(["dropped"]));
    }

    [TestCase("length", AnswerMarks.Truncated)]
    [TestCase("content_filter", AnswerMarks.Filtered)]
    [TestCase("stop", AnswerMarks.None)]
    public async Task Ask_FinishReason_MarksTheAnswer(string reason, AnswerMarks marks)
    {
        using var host = PipelineHost.For(ScriptedAnswer.Text("Par") with { FinishReason = new(reason) });

        var (_, call) = await host.Chat.AskAsync(streamed);

        Assert.That(call.Marks, Is.EqualTo(marks));
    }

    [Test]
    public async Task GetCall_AnswerOfAnotherClient_SaysSo()
    {
        var response = await new ScriptedChatClient(ScriptedAnswer.Text("Paris")).GetResponseAsync("hi");

        Assert.That(response.FindCall, Is.Null);
        Assert.That(() => response.GetCall(), Throws.InvalidOperationException);
    }

    [Test]
    public void GetCall_ResponseCopy_KeepsEveryProperty()
    {
        var response = new ChatResponse([new(ChatRole.Assistant, "x")])
        {
            ResponseId = "r",
            ConversationId = "c",
            ModelId = "m",
            CreatedAt = DateTimeOffset.MinValue,
            FinishReason = ChatFinishReason.Stop,
            Usage = new(),
            ContinuationToken = ResponseContinuationToken.FromBytes(new byte[] { 1 }),
            RawRepresentation = new(),
            AdditionalProperties = [],
        };

        var copy = new CallResponse(response, NewCall());

        foreach (var property in typeof(ChatResponse).GetProperties().Where(property => property.CanRead))
            Assert.That(property.GetValue(copy), Is.Not.Null.And.EqualTo(property.GetValue(response)), property.Name);
    }

    private static LlmCall NewCall() => new(CallSetup.Alone("test", null, null), default, isStreaming: false);

    /// <summary>Returns null: at once, or as its answer.</summary>
    private sealed class NullReturningChatClient(IChatClient inner, bool atOnce) : DelegatingChatClient(inner)
    {
        public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            atOnce ? null! : Task.FromResult<ChatResponse>(null!);

        public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            atOnce ? null! : new ChatResponseUpdate[] { null! }.ToAsyncEnumerable();
    }
}
