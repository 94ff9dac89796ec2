using LlmKit.Calls;
using LlmKit.Models;
using LlmKit.Orchestration.Routing;
using LlmKit.Orchestration.Routing.Policies;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Orchestration.Routing;

/// <summary>Candidates that answer without a model, or decline.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class RouterCodeTests(bool streamed)
{
    private readonly ScriptedChatClient _a = new(ScriptedAnswer.Text("from a"));

    [Test]
    public async Task Code_ThatAnswers_CostsNothingAndMakesNoAttempt()
    {
        using var rig = Rig(router => router.Code("faq", Says("from code")));

        var outcome = await rig.AskAsync(streamed);

        Assert.That((outcome.Text, _a.Requests.Count, outcome.Call!.Cost, outcome.Call.Attempts.Count), Is.EqualTo(("from code", 0, 0m, 0)));
        Assert.That((outcome.Call.Model, outcome.Call.Marks), Is.EqualTo(("faq", AnswerMarks.None)));
        Assert.That(outcome.Call.Steps.OfType<RouteStep>().Select(step => (step.Decision, step.Model)), Is.EqualTo(new[] { ("chosen", "faq") }));
    }

    [Test]
    public async Task Code_ThatDeclines_HasTheNextAskedAndIsNoFallback()
    {
        using var rig = Rig(router => router.Code("faq", Declines()));

        var outcome = await rig.AskAsync(streamed);

        Assert.That((outcome.Text, outcome.Call!.Marks), Is.EqualTo(("from a", AnswerMarks.None)));
        Assert.That(outcome.Decisions, Is.EqualTo(new[] { "chosen", "declined", "chosen" }));
    }

    [Test]
    public async Task Code_ThatThrows_HasTheNextAskedAndSaysSo()
    {
        using var rig = Rig(router => router.Code("faq", (_, _) => throw new InvalidOperationException("secret text")));

        var outcome = await rig.AskAsync(streamed);

        Assert.That((outcome.Text, outcome.Call!.Marks), Is.EqualTo(("from a", AnswerMarks.Fallback)));
        Assert.That(outcome.Call.Steps.OfType<RouteStep>().Single(step => step.Decision == "fallback").Reason, Is.EqualTo("failed: InvalidOperationException"));
    }

    [Test]
    public async Task Code_ThatThrowsWhereFallbackIsNotAllowed_FailsTheCall()
    {
        var bug = new InvalidOperationException("bug");
        using var rig = Rig(router => router.Code("faq", (_, _) => throw bug));
        var options = BudgetRig.Call();
        options.AllowFallback = false;

        Assert.That((await rig.AskAsync(streamed, options)).Error, Is.SameAs(bug));
    }

    [Test]
    public async Task Code_AfterAModelThatFails_Answers()
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("a", ScriptedAnswer.Throws(Failures.Http(503))).UseRouter(router => router.Code("sorry", Says("later")).Priority("a", "sorry")));

        var outcome = await rig.AskAsync(streamed);

        Assert.That((outcome.Text, outcome.Call!.Marks), Is.EqualTo(("later", AnswerMarks.Fallback)));
    }

    [Test]
    public async Task Code_ThatAllDecline_IsRefusedWithTheRemedy()
    {
        using var rig = Rig(router => router.Code("faq", Declines()).Priority("faq"));

        Assert.That((await rig.AskAsync(streamed)).Error, Is.TypeOf<AttemptRefusedException>().With.Message.Contains("'faq' declined"));
    }

    [TestCase("a", "from a")]
    [TestCase("faq", "from code")]
    [TestCase(null, "from a")]
    public async Task Code_CallThatForcesOrExcludes_IsObeyed(string? forced, string answer)
    {
        using var rig = Rig(router => router.Code("faq", Says("from code")));
        var options = BudgetRig.Call();
        options.Model = forced;
        options.ExcludedModels = forced is null ? ["faq"] : null;

        Assert.That((await rig.AskAsync(streamed, options)).Text, Is.EqualTo(answer));
    }

    [Test]
    public async Task Code_ThatTheTenantMayNotUse_IsSkipped()
    {
        using var rig = Rig(router =>
        {
            router.Code("faq", Says("from code"));
            router.AllowedModels = new Dictionary<string, IReadOnlyList<string>> { ["acme"] = ["a"] };
        });

        Assert.That((await rig.AskAsync(streamed)).Text, Is.EqualTo("from a"));
    }

    [Test]
    public async Task Code_InAConversationThatAProviderHolds_IsSkipped()
    {
        using var rig = Rig(router => router.Code("faq", Says("from code")));
        var options = BudgetRig.Call();
        options.ConversationId = "c1";

        Assert.That((await rig.AskAsync(streamed, options)).Text, Is.EqualTo("from a"));
    }

    [Test]
    public async Task Code_BehindAPolicy_IsChosenByIt()
    {
        using var rig = Rig(router => router.Code("faq", Says("from code")).Use(RoutingPolicies.When(request => request.Prompt == "hi", RoutingPolicies.Pin("faq"), RoutingPolicies.Pin("a"))));

        Assert.That((await Outcome.OfAsync(rig.Chat, streamed, BudgetRig.Call())).Text, Is.EqualTo("from code"));
        Assert.That((await Outcome.OfAsync(rig.Chat, streamed, BudgetRig.Call(), prompt: "else")).Text, Is.EqualTo("from a"));
    }

    [Test]
    public async Task Code_InACascade_IsFinal()
    {
        using var rig = Rig(router => router.Code("faq", Says("from code")).Cascade("faq", "a").Verify(DraftChecks.Of("none", _ => false)));

        Assert.That((await rig.AskAsync(streamed)).Text, Is.EqualTo("from code"));
    }

    [Test]
    public async Task Code_NextToASlowModel_IsNotAskedBesideIt()
    {
        var asked = 0;
        using var rig = new BudgetRig(builder => builder.AddPriced("a", ScriptedAnswer.Hangs()).WithConstraints(constraints => constraints.Latency = TimeSpan.FromSeconds(10))
            .UseRouter(router => router.Code("faq", (_, _) => new((++asked, Answer("x")).Item2)).Priority("a", "faq").Hedge()));
        var asking = rig.AskAsync(streamed);

        rig.Clock.Advance(TimeSpan.FromSeconds(5));
        rig.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.That(((await asking).Error?.GetType(), asked), Is.EqualTo((typeof(LlmTimeoutException), 0)));
    }

    [Test]
    public async Task Code_ThatIsDeaf_EndsWithTheCallsDeadline()
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("a", _a).WithConstraints(constraints => constraints.Latency = TimeSpan.FromSeconds(3))
            .UseRouter(router => router.Code("faq", (_, _) => new(new TaskCompletionSource<ChatResponse?>().Task))));
        var asking = rig.AskAsync(streamed);

        rig.Clock.Advance(TimeSpan.FromSeconds(3));

        Assert.That((await asking).Error, Is.TypeOf<LlmTimeoutException>());
    }

    [Test]
    public async Task Code_ThatAnswers_IsKeptLikeAnyAnswer()
    {
        var asked = 0;
        using var rig = new BudgetRig(builder => builder.AddPriced("a", _a).UseSemanticCache()
            .UseRouter(router => router.Code("faq", (_, _) => new((++asked, Answer("from code")).Item2))));

        await rig.AskAsync(streamed);
        var outcome = await rig.AskAsync(streamed);

        Assert.That((outcome.Text, asked), Is.EqualTo(("from code", 1)));
    }

    [Test]
    public async Task Code_ThatAnswers_IsGuardedLikeAnyAnswer()
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("a", _a).UseGuardrails(rails => rails.DenyTerms("dynamite"))
            .UseRouter(router => router.Code("faq", Says("We sell dynamite here."))));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Does.Not.Contain("dynamite"));
        Assert.That(outcome.Call!.Marks.HasFlag(AnswerMarks.Blocked));
    }

    [Test]
    public async Task Code_WithWhatItMayKnow_AnswersByIt()
    {
        using var rig = Rig(router => router.Code("echo", (request, _) => new(Answer($"{request.Tenant}/{request.Feature}/{request.Prompt}/{request.Messages.Count}"))));

        Assert.That((await rig.AskAsync(streamed)).Text, Is.EqualTo("acme/triage/hi/1"));
    }

    [Test]
    public void Code_WithTheNameOfAModel_IsRefused()
    {
        using var rig = Rig(router => router.Code("a", Declines()));

        Assert.That(() => rig.Chat, Throws.TypeOf<LlmConfigurationException>().With.Message.Contains("'a'"));
    }

    private static Func<RoutingRequest, CancellationToken, ValueTask<ChatResponse?>> Says(string text) => (_, _) => new(Answer(text));

    private static Func<RoutingRequest, CancellationToken, ValueTask<ChatResponse?>> Declines() => (_, _) => new((ChatResponse?)null);

    private static ChatResponse Answer(string text) => new(new ChatMessage(ChatRole.Assistant, text));

    private BudgetRig Rig(Action<RouterOptions> router) => new(builder => builder.AddPriced("a", _a).UseRouter(router));
}
