using LlmKit.Calls;
using LlmKit.Models;
using LlmKit.Orchestration.Routing;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using NUnit.Framework;

namespace LlmKit.Tests.Orchestration.Routing;

/// <summary>Who is asked after a failure of a kind that has models of its own.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class RouterFallbackListTests(bool streamed)
{
    private readonly ScriptedAnswer _down = ScriptedAnswer.Throws(Failures.Http(503));
    private readonly ScriptedAnswer _tooLong = ScriptedAnswer.Throws(new InvalidOperationException("too long"));

    private readonly ScriptedChatClient _b = new(ScriptedAnswer.Text("from b"));
    private readonly ScriptedChatClient _c = new(ScriptedAnswer.Text("from c"));

    [Test]
    public async Task FallbackTo_AfterAFailureOfTheKind_AsksThoseAndNoOther()
    {
        using var rig = Rig(_tooLong, router => router.FallbackTo(ModelFailureKind.ContextLengthExceeded, "c"));

        var outcome = await rig.AskAsync(streamed);

        Assert.That((outcome.Text, _b.Requests.Count, outcome.Call!.Marks), Is.EqualTo(("from c", 0, AnswerMarks.Fallback)));
        Assert.That(outcome.Call.Steps.OfType<RouteStep>().Select(step => (step.Decision, step.Model, step.Reason)), Is.EqualTo(new[]
        {
            ("chosen", "a", "first in order"), ("fallback", "a", "failed: ContextLengthExceeded"), ("chosen", "c", "it is declared for ContextLengthExceeded"),
        }));
    }

    [Test]
    public async Task FallbackTo_AfterAFailureOfAnotherKind_DoesNotCount()
    {
        using var rig = Rig(_down, router => router.FallbackTo(ModelFailureKind.ContextLengthExceeded, "c"));

        Assert.That((await rig.AskAsync(streamed)).Text, Is.EqualTo("from b"));
    }

    [TestCase(429)]
    [TestCase(503)]
    public async Task FallbackTo_OfTransientFailures_ServesAllTransientKinds(int status)
    {
        using var rig = Rig(ScriptedAnswer.Throws(Failures.Http(status)), router => router.FallbackTo(ModelFailureKind.Transient, "c"));

        Assert.That((await rig.AskAsync(streamed)).Text, Is.EqualTo("from c"));
    }

    [Test]
    public async Task FallbackTo_OfAKindThatIsNotFallenBackOn_AsksForIt()
    {
        using var rig = Rig(ScriptedAnswer.Throws(Failures.Http(400)), router => router.FallbackTo(ModelFailureKind.InvalidRequest, "c"));

        Assert.That((await rig.AskAsync(streamed)).Text, Is.EqualTo("from c"));
    }

    [Test]
    public async Task FallbackTo_ModelsThatFailToo_AreEachTriedOnce()
    {
        var (a, b) = (new ScriptedChatClient(_down), new ScriptedChatClient(_tooLong));
        using var rig = new BudgetRig(builder => builder.AddPriced("a", a).AddPriced("b", b, TooLong)
            .UseRouter(router => router.Priority("a", "b").FallbackTo(ModelFailureKind.Transient, "b", "a").FallbackTo(ModelFailureKind.ContextLengthExceeded, "a", "b")));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Error, Is.TypeOf<AttemptsExhaustedException>().With.Property("Failures").Count.EqualTo(2));
        Assert.That((a.Requests.Count, b.Requests.Count), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task FallbackTo_AModelBehindAGate_IsSkipped([Values("tenant", "excluded", "window", "forced", "off")] string gate)
    {
        using var rig = Rig(_tooLong, router =>
        {
            router.FallbackTo(ModelFailureKind.ContextLengthExceeded, "c");
            if (gate == "tenant")
                router.AllowedModels = new Dictionary<string, IReadOnlyList<string>> { ["acme"] = ["a", "b"] };
        }, window: gate == "window" ? 100 : 10_000);
        var options = BudgetRig.Call();
        options.ExcludedModels = gate == "excluded" ? ["c"] : null;
        options.Model = gate == "forced" ? "a" : null;
        options.AllowFallback = gate != "off";

        var outcome = await rig.AskAsync(streamed, options);

        Assert.That(outcome.Error, Is.TypeOf<InvalidOperationException>());
        Assert.That(_b.Requests.Concat(_c.Requests), Is.Empty);
    }

    [Test]
    public async Task FallbackTo_AModelThatARailKeepsTheCallFrom_IsSkipped([Values] bool byRegion)
    {
        using var rig = new BudgetRig(builder => builder
            .AddPriced("a", _tooLong, model =>
            {
                TooLong(model);
                model.Region = "eu";
            })
            .AddPriced("c", _c, model => model.Region = "us")
            .Use(inner => new FactAddingChatClient(inner, byRegion ? ModelGates.RegionsFact : ModelGates.ModelsFact, new[] { byRegion ? "eu" : "a" }))
            .UseRouter(router => router.Priority("a").FallbackTo(ModelFailureKind.ContextLengthExceeded, "c")));

        Assert.That((await rig.AskAsync(streamed)).Error, Is.TypeOf<InvalidOperationException>());
        Assert.That(_c.Requests, Is.Empty);
    }

    [Test]
    public async Task FallbackTo_AModelThatTheBudgetDoesNotAfford_IsNotAsked()
    {
        using var rig = Rig(_tooLong, router => router.FallbackTo(ModelFailureKind.ContextLengthExceeded, "c"), budget => budget.PerModel("each", 30, BudgetWindow.Lifetime).Global("all", 20, BudgetWindow.Lifetime));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Is.Empty);
        Assert.That(_c.Requests, Is.Empty);
    }

    [Test]
    public async Task FallbackTo_UnderAPolicy_GoesBeforeIt()
    {
        using var rig = Rig(_tooLong, router => router.Use(RoutingPolicies.Priority("a", "b", "c")).FallbackTo(ModelFailureKind.ContextLengthExceeded, "c"));

        Assert.That((await rig.AskAsync(streamed)).Text, Is.EqualTo("from c"));
    }

    [Test]
    public async Task FallbackTo_InACascade_GivesTheFinalAnswer()
    {
        using var rig = Rig(_tooLong, router => router.Cascade("a", "b").Verify(DraftChecks.Of("none", _ => false)).FallbackTo(ModelFailureKind.ContextLengthExceeded, "c", "b"));

        var outcome = await rig.AskAsync(streamed);

        Assert.That((outcome.Text, _b.Requests.Count), Is.EqualTo(("from c", 0)));
    }

    [Test]
    public async Task FallbackTo_OfFilteredRequests_IsDoneOnlyWhenAskedFor()
    {
        using var rig = Rig(_down, router => router.FallbackTo(ModelFailureKind.ContentFiltered, "c"), kind: ModelFailureKind.ContentFiltered);
        using var usual = Rig(_down, _ => { }, kind: ModelFailureKind.ContentFiltered);

        Assert.That((await rig.AskAsync(streamed)).Text, Is.EqualTo("from c"));
        Assert.That((await usual.AskAsync(streamed)).Error, Is.TypeOf<HttpRequestException>());
    }

    [Test]
    public async Task FallbackTo_OfFilteredAnswers_IsDoneWhereNothingWasShown([Values("", "I cannot")] string text)
    {
        using var rig = Rig(ScriptedAnswer.Text(text) with { FinishReason = ChatFinishReason.ContentFilter }, router => router.FallbackTo(ModelFailureKind.ContentFiltered, "c"));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Is.EqualTo(streamed && text.Length > 0 ? "I cannot" : "from c"));
    }

    [Test]
    public async Task FallbackTo_OfFilteredAnswersWhenThoseFail_LeavesTheAnswer()
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("a", new ScriptedAnswer { FinishReason = ChatFinishReason.ContentFilter }).AddPriced("c", _down)
            .UseRouter(router => router.Priority("a").FallbackTo(ModelFailureKind.ContentFiltered, "c")));

        var outcome = await rig.AskAsync(streamed);

        Assert.That((outcome.Text, outcome.Error), Is.EqualTo(("", (Exception?)null)));
        Assert.That(outcome.Call!.Marks.HasFlag(AnswerMarks.Filtered), Is.True);
    }

    [Test]
    public async Task FallbackModels_FromConfiguration_TakeThePlaceOfThoseInCode()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("LlmKit:Default:Router:FallbackModels:ContextLengthExceeded:0", "b")]).Build();
        using var rig = Rig(_tooLong, router => router.FallbackTo(ModelFailureKind.ContextLengthExceeded, "c"), configuration: configuration);

        Assert.That((await rig.AskAsync(streamed)).Text, Is.EqualTo("from b"));
    }

    [TestCase("nobody")]
    [TestCase(null)]
    [TestCase("c", "c")]
    [TestCase()]
    public void FallbackTo_WrongModels_IsRefused(params string?[]? models)
    {
        using var rig = Rig(_down, router => router.FallbackTo(ModelFailureKind.Timeout, [.. (models ?? [null]).Select(model => model!)]));

        Assert.That(() => rig.Chat, Throws.TypeOf<LlmConfigurationException>());
    }

    private static void TooLong(ModelOptions model) => model.ClassifyFailure = exception => exception is InvalidOperationException ? new() { Kind = ModelFailureKind.ContextLengthExceeded } : null;

    private BudgetRig Rig(
        ScriptedAnswer a, Action<RouterOptions> router, Action<BudgetOptions>? budget = null, int window = 10_000, ModelFailureKind? kind = null, IConfiguration? configuration = null) => new(
        builder =>
        {
            builder.AddPriced("a", a, model =>
            {
                TooLong(model);
                model.ContextWindow = 1_000;
                if (kind is { } known)
                    model.ClassifyFailure = _ => new() { Kind = known };
            });
            builder.AddPriced("b", _b).AddPriced("c", _c, model => model.ContextWindow = window);
            if (budget is not null)
                builder.UseBudget(budget);
            builder.UseRouter(options => router(options.Priority("a", "b")));
        },
        configuration: configuration);
}
