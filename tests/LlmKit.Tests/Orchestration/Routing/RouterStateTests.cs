using LlmKit.Calls;
using LlmKit.Models;
using LlmKit.Orchestration.Routing;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Orchestration.Routing;

/// <summary>Requests that refer to what one provider holds.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class RouterStateTests(bool streamed)
{
    private static readonly TextReasoningContent s_sealed = new("because") { ProtectedData = "sealed" };

    private readonly ScriptedAnswer _down = ScriptedAnswer.Throws(Failures.Http(503));

    [Test]
    public async Task Ask_InAConversationThatALaterModelHolds_GoesThereAndSaysWhy()
    {
        using var rig = Rig([_down, ScriptedAnswer.Text("from a")], [ScriptedAnswer.Text("from b") with { ConversationId = "c1" }]);
        await rig.AskAsync(streamed);

        var outcome = await AskAsync(rig, [new(ChatRole.User, "hi")], "c1");

        Assert.That((outcome.Text, outcome.Call!.Marks), Is.EqualTo(("from b", AnswerMarks.None)));
        Assert.That(outcome.Call.Steps.OfType<RouteStep>().Select(step => (step.Decision, step.Model, step.Reason)), Is.EqualTo(new[]
        {
            ("skipped", "a", "the state that the request refers to belongs to the model 'b'"), ("chosen", "b", "pinned: the request refers to state that its provider holds"),
        }));
    }

    [Test]
    public async Task Ask_WithAFileThatAModelMade_GoesToItAndToNoOther()
    {
        using var rig = Rig([_down, ScriptedAnswer.Text("from a")], [ScriptedAnswer.Text("from b") with { Contents = [new HostedFileContent("file-1")] }, _down]);
        await rig.AskAsync(streamed);

        var outcome = await AskAsync(rig, [new(ChatRole.User, [new HostedFileContent("file-1")])]);

        Assert.That(outcome.Error, Is.TypeOf<HttpRequestException>());
        Assert.That(outcome.Call!.Attempts.Select(attempt => attempt.Model), Is.EqualTo(["b"]));
    }

    [Test]
    public async Task Ask_WithAStoreOfTheProviderWhenTheModelFails_FallsBackToNoOther()
    {
        using var rig = Rig([_down], [ScriptedAnswer.Text("from b")]);

        Assert.That((await AskAsync(rig, [new(ChatRole.User, [new HostedVectorStoreContent("store-1")])])).Error, Is.TypeOf<HttpRequestException>());
    }

    [TestCase("other", null)]
    [TestCase("same", "from c")]
    public async Task Ask_WithReasoningThatAProviderSealed_StaysWithThatProvider(string provider, string? answer)
    {
        var a = Client("other", ScriptedAnswer.Text("from a"));
        using var rig = new BudgetRig(builder => builder.AddPriced("a", a).AddPriced("b", Client("same", ScriptedAnswer.Text("from b") with { Contents = [s_sealed] }, _down)).AddPriced("c", Client(provider, ScriptedAnswer.Text("from c"))).UseRouter());
        var first = BudgetRig.Call();
        first.Model = "b";
        await rig.AskAsync(streamed, first);

        var outcome = await AskAsync(rig, History());

        Assert.That(outcome.Text, Is.EqualTo(answer ?? ""));
        Assert.That(a.Requests, Is.Empty);
        Assert.That(outcome.Call!.Steps.OfType<RouteStep>().First(), Has.Property("Decision").EqualTo("skipped").And.Property("Reason").EqualTo("only the provider of the model 'b' can read the reasoning in the history"));
    }

    [Test]
    public async Task Ask_WithReasoningOfNobodyKnown_FallsBackToNoOther()
    {
        using var rig = Rig([_down], [ScriptedAnswer.Text("from b")]);

        var outcome = await AskAsync(rig, History());

        Assert.That(outcome.Error, Is.TypeOf<HttpRequestException>());
        Assert.That(outcome.Call!.Steps.OfType<RouteStep>().First().Reason, Is.EqualTo("pinned: the history holds reasoning that only its provider can read"));
    }

    [Test]
    public async Task Ask_WithStateWhenTheModelIsSlow_HasNoOtherAskedBeside()
    {
        var b = new ScriptedChatClient(ScriptedAnswer.Text("from b"));
        using var rig = new BudgetRig(builder => builder.AddPriced("a", ScriptedAnswer.Hangs()).AddPriced("b", b)
            .WithConstraints(constraints => constraints.Latency = TimeSpan.FromSeconds(10)).UseRouter(router => router.Hedge()));
        var asking = AskAsync(rig, History());

        rig.Clock.Advance(TimeSpan.FromSeconds(5));
        rig.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.That((await asking).Error, Is.TypeOf<LlmTimeoutException>());
        Assert.That(b.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_WithStateInACascade_DoesNotEscalate()
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("a", ScriptedAnswer.Text("from a")).AddPriced("b", ScriptedAnswer.Text("from b"))
            .UseRouter(router => router.Cascade("a", "b").Verify(DraftChecks.Of("none", _ => false)).FallbackTo(ModelFailureKind.Transient, "b")));

        Assert.That((await AskAsync(rig, History())).Text, Is.EqualTo("from a"));
    }

    private static ChatMessage[] History() => [new(ChatRole.User, "hi"), new(ChatRole.Assistant, [s_sealed, new TextContent("from b")]), new(ChatRole.User, "and then?")];

    private static ScriptedChatClient Client(string provider, params ScriptedAnswer[] answers) => new((number, _) => answers[Math.Min(number, answers.Length - 1)], provider: provider);

    private static BudgetRig Rig(ScriptedAnswer[] a, ScriptedAnswer[] b) => new(builder => builder.AddPriced("a", new ScriptedChatClient(a)).AddPriced("b", new ScriptedChatClient(b)).UseRouter());

    private async Task<Outcome> AskAsync(BudgetRig rig, ChatMessage[] messages, string? conversation = null)
    {
        var options = BudgetRig.Call();
        options.ConversationId = conversation;
        return await Outcome.OfAsync(new Sending(rig.Chat, messages), streamed, options);
    }

    /// <summary>Sends its own messages, whatever it is given.</summary>
    private sealed class Sending(IChatClient inner, ChatMessage[] sent) : DelegatingChatClient(inner)
    {
        public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            base.GetResponseAsync(sent, options, cancellationToken);

        public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            base.GetStreamingResponseAsync(sent, options, cancellationToken);
    }
}
