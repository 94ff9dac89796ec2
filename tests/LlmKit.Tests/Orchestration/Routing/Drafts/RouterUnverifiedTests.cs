using LlmKit.Calls;
using LlmKit.Models;
using LlmKit.Orchestration.Routing;
using LlmKit.Orchestration.Routing.Drafts;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Orchestration.Routing.Drafts;

/// <summary>Drafts that are not accepted when nothing stronger answers.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class RouterUnverifiedTests(bool streamed)
{
    private static readonly DraftCheck s_none = DraftChecks.Of("none", _ => false);

    private readonly HttpRequestException _down = Failures.Http(503);

    [Test]
    public async Task Ask_WhenTheStrongModelFails_IsAnsweredByTheDraftAndSaysSo([Values] bool shown)
    {
        using var rig = Rig(ScriptedAnswer.Text("from ", "small"), ScriptedAnswer.Throws(_down), router => router.StreamDrafts = shown);

        var outcome = await rig.AskAsync(streamed);

        Assert.That((outcome.Text, outcome.Error), Is.EqualTo(("from small", (Exception?)null)));
        Assert.That(outcome.Decisions, Is.EqualTo(new[] { "chosen", "escalated", "chosen", "unverified" }));
        Assert.That((outcome.Call!.Marks, outcome.Call.Model), Is.EqualTo((AnswerMarks.Unverified, "small")));
    }

    [Test]
    public async Task Ask_WhenTheBudgetAffordsNoStrongModel_IsAnsweredByTheDraft()
    {
        using var rig = Rig(ScriptedAnswer.Text("from small"), ScriptedAnswer.Text("from strong"), budget: 30);

        var outcome = await rig.AskAsync(streamed);

        Assert.That((outcome.Text, outcome.Call!.Marks), Is.EqualTo(("from small", AnswerMarks.Unverified)));
    }

    [Test]
    public async Task Ask_WhenTheStrongModelWillNotAnswer_IsNoWayAroundThat()
    {
        var filtered = new InvalidOperationException("filtered");
        using var rig = new BudgetRig(builder => builder
            .AddPriced("small", ScriptedAnswer.Text("from small")).AddPriced("strong", ScriptedAnswer.Throws(filtered), model => model.ClassifyFailure = _ => new() { Kind = ModelFailureKind.ContentFiltered })
            .UseRouter(router => router.Cascade("small", "strong").Verify(s_none)));

        Assert.That((await rig.AskAsync(streamed)).Error, Is.SameAs(filtered));
    }

    [Test]
    public async Task Ask_WhenFallbackIsNotAllowed_PassesTheFailureOn()
    {
        using var rig = Rig(ScriptedAnswer.Text("from small"), ScriptedAnswer.Throws(_down));
        var options = BudgetRig.Call();
        options.AllowFallback = false;

        Assert.That((await rig.AskAsync(streamed, options)).Error, Is.SameAs(_down));
    }

    [Test]
    public async Task Ask_WhenNoStrongerModelMayBeAsked_IsAnsweredUncheckedAndSaysSo()
    {
        using var rig = Rig(ScriptedAnswer.Text("from small"), ScriptedAnswer.Text("from strong"), router => router.AllowedModels = new Dictionary<string, IReadOnlyList<string>> { ["acme"] = ["small"] });

        var outcome = await rig.AskAsync(streamed);

        Assert.That((outcome.Text, outcome.Call!.Marks), Is.EqualTo(("from small", AnswerMarks.None)));
        Assert.That(outcome.Call.Steps.OfType<RouteStep>().Last(), Has.Property("Decision").EqualTo("unverified").And.Property("Reason").EqualTo("no stronger model may be asked"));
    }

    [Test]
    public async Task Ask_ThatIsToFailThenWhenTheStrongModelFails_PassesTheFailureOn()
    {
        using var rig = Rig(ScriptedAnswer.Text("from small"), ScriptedAnswer.Throws(_down), router => router.FailUnverified = true);

        Assert.That((await rig.AskAsync(streamed)).Error, Is.SameAs(_down));
    }

    [TestCase(false, null)]
    [TestCase(true, "from small")]
    public async Task Ask_ThatIsToFailThenWhenNoStrongerModelMayBeAsked_IsChecked(bool isGood, string? answer)
    {
        using var rig = Rig(ScriptedAnswer.Text("from small"), ScriptedAnswer.Text("from strong"), router =>
        {
            router.FailUnverified = true;
            router.Verify(DraftChecks.Of("mine", _ => isGood));
        });
        var options = BudgetRig.Call();
        options.ExcludedModels = ["strong"];

        var outcome = await rig.AskAsync(streamed, options);

        Assert.That(outcome.Text, Is.EqualTo(answer ?? ""));
        Assert.That(outcome.Error, answer is null ? Is.TypeOf<DraftRejectedException>().With.Property("Check").EqualTo("mine") : Is.Null);
    }

    [TestCase("best", "other", "best")]
    [TestCase("other", "other", "b:other")]
    public async Task Ask_OfSeveralDrafts_IsAnsweredByTheOneThatPassedMost(string first, string second, string answer)
    {
        var small = new ScriptedChatClient(ScriptedAnswer.Text(first));
        using var rig = new BudgetRig(builder => builder
            .AddPriced("a", small).AddPriced("b", ScriptedAnswer.Text("b:" + second)).AddPriced("c", ScriptedAnswer.Throws(_down))
            .UseRouter(router => router.Cascade("a", "b", "c").Verify(DraftChecks.Of("one", draft => draft.Text == "best"), s_none)));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Is.EqualTo(answer));
    }

    [Test]
    public async Task Ask_AnUnverifiedAnswer_IsNotKept()
    {
        var small = new ScriptedChatClient(ScriptedAnswer.Text("from small"));
        using var rig = new BudgetRig(builder => builder.AddPriced("small", small).AddPriced("strong", ScriptedAnswer.Throws(_down))
            .UseSemanticCache().UseRouter(router => router.Cascade("small", "strong").Verify(s_none)));

        await rig.AskAsync(streamed);
        await rig.AskAsync(streamed);

        Assert.That(small.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Ask_CancelledWhileTheStrongModelIsAsked_IsCancelled()
    {
        using var cancel = new CancellationTokenSource();
        var strong = new ScriptedChatClient((_, _) =>
        {
            cancel.Cancel();
            return ScriptedAnswer.Hangs();
        });
        using var rig = new BudgetRig(builder => builder.AddPriced("small", ScriptedAnswer.Text("from small")).AddPriced("strong", strong).UseRouter(router => router.Cascade("small", "strong").Verify(s_none)));

        Assert.That((await rig.AskAsync(streamed, cancellationToken: cancel.Token)).Error, Is.InstanceOf<OperationCanceledException>());
    }

    private static BudgetRig Rig(ScriptedAnswer small, ScriptedAnswer strong, Action<RouterOptions>? more = null, decimal budget = 1000) => new(builder => builder
        .AddPriced("small", small).AddPriced("strong", strong)
        .UseBudget(options => options.Global("all", budget, BudgetWindow.Lifetime))
        .UseRouter(router =>
        {
            router.Cascade("small", "strong").Verify(s_none);
            more?.Invoke(router);
        }));
}
