using LlmKit.Execution.Idempotency;
using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Execution.Idempotency;

[TestFixture(false)]
[TestFixture(true)]
public sealed class IdempotencyFailureTests(bool streamed)
{
    [TestCase(429)]
    [TestCase(503)]
    [TestCase(401)]
    [TestCase(404)]
    public async Task Ask_FailureThatMayPass_IsForgotten(int status)
    {
        using var rig = IdempotencyRig.Of(ScriptedAnswer.Throws(Failures.Http(status)), ScriptedAnswer.Text("better"));

        var first = await rig.AskAsync(streamed);
        var second = await rig.AskAsync(streamed);

        Assert.That(first.Error, Is.TypeOf<HttpRequestException>());
        Assert.That(first.Decisions, Is.EqualTo(new[] { "began", "not-remembered" }));
        Assert.That(second.Text, Is.EqualTo("better"));
    }

    [Test]
    public async Task Ask_PermanentFailure_IsRememberedAndNotAskedAgain()
    {
        using var rig = IdempotencyRig.Of(ScriptedAnswer.Throws(Failures.Http(400)), ScriptedAnswer.Text("never"));

        var first = await rig.AskAsync(streamed);
        var second = await rig.AskAsync(streamed);

        Assert.That(first.Error, Is.TypeOf<HttpRequestException>());
        Assert.That(second.Error, Is.TypeOf<RepeatedFailureException>().With.Message.Contains("InvalidRequest"));
        Assert.That(second.Error!.GetModelFailure(), Is.EqualTo(new ModelFailure { Kind = ModelFailureKind.InvalidRequest, Status = 400, Model = "model" }));
        Assert.That(second.Decisions, Is.EqualTo(new[] { "failed-before" }));
        Assert.That(rig.Model.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Ask_OneModelRefusesForGoodAndTheOtherInPassing_IsForgotten()
    {
        using var host = new PipelineHost(builder => builder
            .AddModel("first", new ScriptedChatClient(ScriptedAnswer.Throws(new ModelDownException(ModelFailureKind.ContextLengthExceeded)), ScriptedAnswer.Text("better")), Failing)
            .AddModel("second", new ScriptedChatClient(ScriptedAnswer.Throws(Failures.Http(503))), Failing)
            .UseIdempotency()
            .UseRouter());

        var first = await Outcome.OfAsync(host.Chat, streamed, IdempotencyRig.Keyed());
        var second = await Outcome.OfAsync(host.Chat, streamed, IdempotencyRig.Keyed());

        Assert.That(first.Error, Is.TypeOf<AttemptsExhaustedException>());
        Assert.That(second.Text, Is.EqualTo("better"));
    }

    [Test]
    public async Task Ask_StreamBreaksAfterItsFirstContent_IsForgotten()
    {
        using var rig = IdempotencyRig.Of(
            ScriptedAnswer.Text("half ", "an answer") with { Failure = new IOException("cut"), FailAfterChunks = 1 }, ScriptedAnswer.Text("whole"));

        var first = await rig.AskAsync(streamed);
        var second = await rig.AskAsync(streamed);

        Assert.That((first.Error, first.Text), Is.EqualTo((first.Error, streamed ? "half " : "")));
        Assert.That(first.Error, Is.TypeOf<IOException>());
        Assert.That(second.Text, Is.EqualTo("whole"));
    }

    [Test]
    public async Task Ask_ContentThatCannotBeKept_IsAnsweredAndNotRemembered()
    {
        var odd = new ScriptedAnswer { Contents = [new TextContent("hi"), new OddContent()] };
        using var rig = IdempotencyRig.Of(odd, ScriptedAnswer.Text("again"));

        var first = await rig.AskAsync(streamed);
        var second = await rig.AskAsync(streamed);

        Assert.That((first.Text, second.Text), Is.EqualTo(("hi", "again")));
        Assert.That(first.Decisions, Is.EqualTo(new[] { "began", "not-remembered" }));
    }

    [Test]
    public async Task Ask_ContentThatCannotBeKept_IsGivenToTheOthersInListsOfTheirOwnAndWithoutUsage()
    {
        var odd = ScriptedAnswer.Text("hi") with { Contents = [new OddContent()], Delay = TimeSpan.FromSeconds(5) };
        using var rig = new IdempotencyRig(_ => odd);
        var first = rig.Chat.AskAsync(streamed, IdempotencyRig.Keyed());
        await rig.AskedAsync(1);
        Task<ChatResponse>[] others = [WholeAsync(rig), WholeAsync(rig)];

        var (began, _) = await rig.Clock.FinishAsync(first);
        ChatResponse[] joined = await Task.WhenAll(others);

        Assert.That(began.Usage!.InputTokenCount, Is.EqualTo(10));
        Assert.That(joined.Select(response => (response.Text, response.Usage)), Has.All.EqualTo(("hi", (UsageDetails?)null)));
        ChatResponse[] all = [began, .. joined];
        Assert.That(all.Select(response => response.Messages).Distinct(ReferenceEqualityComparer.Instance).Count(), Is.EqualTo(3));
        Assert.That(all.Select(response => response.Messages[0].Contents).Distinct(ReferenceEqualityComparer.Instance).Count(), Is.EqualTo(3));
        Assert.That(rig.Model.Requests, Has.Count.EqualTo(1));
    }

    private static async Task<ChatResponse> WholeAsync(IdempotencyRig rig) => await rig.Chat.GetResponseAsync(Asking.Question, IdempotencyRig.Keyed());

    private static void Failing(ModelOptions options) => options.ClassifyFailure = exception => exception is ModelDownException down ? new() { Kind = down.Kind } : null;

    private sealed class ModelDownException(ModelFailureKind kind) : Exception
    {
        public ModelFailureKind Kind { get; } = kind;
    }

    private sealed class OddContent : AIContent;
}
