using LlmKit.Calls;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Orchestration.Routing;

public class RouterCascadeTests
{
    private readonly ScriptedChatClient _strong = new(ScriptedAnswer.Text("from ", "strong"));

    [Test]
    public async Task Ask_WhenTheDraftIsWhole_IsAnsweredWithIt([Values] bool streamed)
    {
        using var rig = Rig(ScriptedAnswer.Text("from ", "small"));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Is.EqualTo("from small"));
        Assert.That(outcome.Decisions, Is.EqualTo(new[] { "chosen", "accepted" }));
        Assert.That(_strong.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_WhenTheDraftIsCutOff_EscalatesAndPaysBoth([Values] bool streamed)
    {
        using var rig = Rig(ScriptedAnswer.Text("half") with { FinishReason = ChatFinishReason.Length });

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Is.EqualTo("from strong"));
        Assert.That(outcome.Decisions, Is.EqualTo(new[] { "chosen", "escalated", "chosen" }));
        Assert.That(outcome.Call!.Cost, Is.EqualTo(11m + 12m).And.EqualTo(rig.Spent("all")));
        Assert.That(outcome.Call.Marks.HasFlag(AnswerMarks.Fallback), Is.False);
    }

    [Test]
    public async Task Stream_OfADraft_BeginsOnlyWhenItIsAccepted()
    {
        using var rig = Rig(ScriptedAnswer.Text("bad ", "draft"), router => router.AcceptDraft = draft => !draft.Text.Contains("bad", StringComparison.Ordinal));

        var outcome = await rig.AskAsync(streamed: true);

        Assert.That(outcome.Text, Is.EqualTo("from strong"));
    }

    [Test]
    public async Task Stream_OfTheLastModel_IsNotHeldBack()
    {
        var strong = new ScriptedChatClient(ScriptedAnswer.Text("from ", "strong") with { HangAfterChunks = 1 });
        using var rig = new BudgetRig(builder => builder.AddPriced("small", new ScriptedAnswer()).AddPriced("strong", strong).UseRouter(router => router.Cascade("small", "strong")));
        await using var stream = rig.Chat.GetStreamingResponseAsync("hi", BudgetRig.Call()).GetAsyncEnumerator();

        await stream.MoveNextAsync();

        Assert.That(stream.Current.Text, Is.EqualTo("from "));
    }

    [Test]
    public async Task Ask_WhenTheDraftIsFiltered_DoesNotEscalateAroundIt([Values] bool streamed, [Values] bool hasOwnTest)
    {
        using var rig = Rig(ScriptedAnswer.Text("I cannot") with { FinishReason = ChatFinishReason.ContentFilter }, router => router.AcceptDraft = hasOwnTest ? _ => false : null);

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Is.EqualTo("I cannot"));
        Assert.That(_strong.Requests, Is.Empty);
    }

    [TestCase("", false)]
    [TestCase(" ", false)]
    [TestCase("text", true)]
    public async Task Ask_ByDefault_AcceptsWhatIsNotEmpty(string draft, bool isAccepted)
    {
        using var rig = Rig(ScriptedAnswer.Text(draft));

        await rig.AskAsync(streamed: false);

        Assert.That(_strong.Requests.Count == 0, Is.EqualTo(isAccepted));
    }

    [TestCase("{\"a\":1}", true)]
    [TestCase("{\"a\":", false)]
    public async Task Ask_ForJson_AcceptsOnlyJson(string draft, bool isAccepted)
    {
        using var rig = Rig(ScriptedAnswer.Text(draft));
        var options = BudgetRig.Call();
        options.ResponseFormat = ChatResponseFormat.Json;

        await rig.AskAsync(streamed: false, options);

        Assert.That(_strong.Requests.Count == 0, Is.EqualTo(isAccepted));
    }

    [Test]
    public async Task Ask_WhenTheDraftCallsATool_AcceptsIt()
    {
        using var rig = Rig(new ScriptedAnswer { Contents = [new FunctionCallContent("1", "tool")], FinishReason = ChatFinishReason.ToolCalls });

        await rig.AskAsync(streamed: false);

        Assert.That(_strong.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_WhenDraftingFails_FallsBackAndSaysSo([Values] bool streamed)
    {
        using var rig = Rig(ScriptedAnswer.Throws(Failures.Http(503)));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Is.EqualTo("from strong"));
        Assert.That(outcome.Call!.Marks, Is.EqualTo(AnswerMarks.Fallback));
    }

    [Test]
    public async Task Ask_WhenTheStrongModelFails_PassesOffNoDraftAsTheAnswer([Values] bool streamed)
    {
        var failure = Failures.Http(503);
        using var rig = new BudgetRig(builder => builder
            .AddPriced("small", ScriptedAnswer.Text("half") with { FinishReason = ChatFinishReason.Length }).AddPriced("strong", ScriptedAnswer.Throws(failure))
            .UseRouter(router => router.Cascade("small", "strong")));

        var outcome = await rig.AskAsync(streamed);

        Assert.That((outcome.Text, outcome.Error), Is.EqualTo(("", failure)));
    }

    [Test]
    public async Task Ask_WhenNoOtherModelMayTakeIt_IsAnsweredByTheFirstAsItIs([Values] bool streamed)
    {
        using var rig = Rig(ScriptedAnswer.Text("half") with { FinishReason = ChatFinishReason.Length });
        var options = BudgetRig.Call();
        options.ExcludedModels = ["strong"];

        var outcome = await rig.AskAsync(streamed, options);

        Assert.That((outcome.Text, outcome.Error), Is.EqualTo(("half", (Exception?)null)));
    }

    [Test]
    public async Task Ask_InAConversation_DoesNotLeaveTheModelThatHoldsIt([Values] bool streamed)
    {
        using var rig = Rig(ScriptedAnswer.Text("half") with { FinishReason = ChatFinishReason.Length });
        var options = BudgetRig.Call();
        options.ConversationId = "c1";

        var outcome = await rig.AskAsync(streamed, options);

        Assert.That(outcome.Text, Is.EqualTo("half"));
    }

    private BudgetRig Rig(ScriptedAnswer small, Action<RouterOptions>? more = null) => new(builder => builder
        .AddPriced("small", small).AddPriced("strong", _strong)
        .UseBudget(budget => budget.Global("all", 1000, BudgetWindow.Lifetime))
        .UseRouter(router =>
        {
            router.Cascade("small", "strong");
            more?.Invoke(router);
        }));
}
