using LlmKit.Calls;
using LlmKit.Orchestration.Routing;
using LlmKit.Orchestration.Routing.Policies;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Orchestration.Routing.Policies;

/// <summary>A router that chooses by a policy: what is asked, and what is on record.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class RouterUseTests(bool streamed)
{
    private static readonly string[] s_both = ["weak", "strong"];

    private readonly ScriptedChatClient _weak = new(ScriptedAnswer.Text("from weak"));
    private readonly ScriptedChatClient _strong = new(ScriptedAnswer.Text("from strong"));
    private readonly ScriptedChatClient _down = new(ScriptedAnswer.Throws(Failures.Http(503)));

    [Test]
    public async Task Ask_APolicy_ChoosesAndIsOnRecord()
    {
        var outcome = await AskAsync(RoutingPolicies.Length("weak", "strong", threshold: 10), prompt: "a long prompt");

        Assert.That(outcome.Text, Is.EqualTo("from strong"));
        var step = outcome.Call!.Steps.OfType<RouteStep>().Single();
        var decision = step.Routing!;
        Assert.That((step.Decision, step.Model, step.Reason), Is.EqualTo(("chosen", "strong", "policy")));
        Assert.That((decision.Id, decision.Policy, decision.PolicyVersion[..5], decision.Model), Is.EqualTo(($"{outcome.Call.Id}.1", "length", "1@10:", "strong")));
        Assert.That((decision.Score, decision.Threshold, decision.Propensity), Is.EqualTo(((double?)13, (double?)10, 1.0)));
        Assert.That(decision.Candidates, Is.EqualTo(s_both));
    }

    [Test]
    public async Task Ask_AModelThatFails_HasThePolicyChooseAmongTheRest()
    {
        using var router = Routers.Alone(new RouterOptions().Use(RoutingPolicies.Weighted(("a", 1e-6), ("b", 1e9), ("c", 1e3))), ("a", _weak), ("b", _down), ("c", _strong));

        var outcome = await Outcome.OfAsync(router, streamed);

        Assert.That((outcome.Text, outcome.Call!.Marks), Is.EqualTo(("from strong", AnswerMarks.Fallback)));
        var decisions = outcome.Call.Steps.OfType<RouteStep>().Select(step => step.Routing).OfType<RoutingDecision>().ToList();
        Assert.That(decisions.Select(decision => decision.Candidates), Is.EqualTo(new[] { new[] { "a", "b", "c" }, ["a", "c"] }));
        Assert.That(decisions.Select(decision => decision.Id), Is.EqualTo([$"{outcome.Call.Id}.1", $"{outcome.Call.Id}.2"]));
    }

    [Test]
    public async Task Ask_AModelBehindAGate_IsNoCandidate()
    {
        var outcome = await AskAsync(RoutingPolicies.Pin("strong"), new LlmCallOptions { ExcludedModels = ["strong"] });

        Assert.That(outcome.Text, Is.EqualTo("from weak"));
        Assert.That(outcome.Call!.Steps.OfType<RouteStep>().Single().Routing!.Candidates, Is.EqualTo(["weak"]));
    }

    [Test]
    public async Task Ask_AModelThatTheCallAsksFor_IsPinned()
    {
        var outcome = await AskAsync(RoutingPolicies.Pin("weak").Exploring(0.5), new LlmCallOptions { Model = "strong" });

        var steps = outcome.Call!.Steps.OfType<RouteStep>().ToList();
        var decision = steps[^1].Routing!;
        Assert.That(steps.Select(step => step.Decision), Is.EqualTo(["skipped", "chosen"]), "the others are on record as not asked for");
        Assert.That((outcome.Text, decision.Reason, decision.Propensity), Is.EqualTo(("from strong", "pinned", 1.0)));
    }

    [Test]
    public async Task Ask_APolicyThatThrows_HasTheFirstModelAskedAndSaysSo()
    {
        var outcome = await AskAsync(RoutingPolicies.Scored("mine", "1", "weak", "strong", 0.5, _ => throw new InvalidOperationException("secret text")));

        Assert.That(outcome.Text, Is.EqualTo("from weak"));
        Assert.That(outcome.Call!.Steps.OfType<RouteStep>().Single().Reason, Is.EqualTo("the policy failed: InvalidOperationException"));
    }

    [Test]
    public async Task Ask_APolicyThatNamesNoCandidate_HasTheFirstModelAsked()
    {
        var outcome = await AskAsync(new Stubborn());

        Assert.That(outcome.Text, Is.EqualTo("from weak"));
        Assert.That(outcome.Call!.Steps.OfType<RouteStep>().Single().Reason, Does.StartWith("the policy chose no candidate"));
    }

    [Test]
    public async Task Ask_WhileObserving_RecordsTheChoiceAndAsksTheFirst()
    {
        using var router = Router(RoutingPolicies.Pin("strong"), options => options.Observe = true);

        var outcome = await Outcome.OfAsync(router, streamed);

        Assert.That((outcome.Text, outcome.Decisions), Is.EqualTo(("from weak", new[] { "would be chosen" })));
        Assert.That(outcome.Call!.Steps.OfType<RouteStep>().Single().Routing!.Model, Is.EqualTo("strong"));
    }

    [Test]
    public async Task Ask_ModelsOfARouter_AreSeenByHowTheyFare()
    {
        using var router = Routers.Alone(new RouterOptions { Seed = 3 }.Use(RoutingPolicies.LeastLatency()), ("down", _down), ("strong", _strong));

        var first = await Outcome.OfAsync(router, streamed);
        var second = await Outcome.OfAsync(router, streamed);

        Assert.That((first.Text, second.Text), Is.EqualTo(("from strong", "from strong")));
        // A model that fails at once is not fast.
        Assert.That(second.Decisions, Is.EqualTo(new[] { "chosen" }));
    }

    [Test]
    public async Task Ask_AModelThatIsWaitedFor_IsBusy()
    {
        var slow = new ScriptedChatClient(ScriptedAnswer.Hangs(), ScriptedAnswer.Text("from slow"));
        using var router = Routers.Alone(new RouterOptions().Use(RoutingPolicies.LeastBusy()), ("slow", slow), ("strong", _strong));
        using var leaving = new CancellationTokenSource();
        var waiting = Outcome.OfAsync(router, streamed, cancellationToken: leaving.Token);

        var beside = await Outcome.OfAsync(router, streamed);
        await leaving.CancelAsync();
        await waiting;
        var after = await Outcome.OfAsync(router, streamed);

        Assert.That((beside.Text, after.Text), Is.EqualTo(("from strong", "from slow")));
    }

    [Test]
    public void Use_BesideAnotherStrategy_IsRefused() =>
        Assert.That(
            () => Routers.Alone(new RouterOptions { Strategy = RoutingStrategy.Cascade, Policy = RoutingPolicies.RoundRobin() }, ("a", _weak), ("b", _strong)),
            Throws.InstanceOf<LlmConfigurationException>().With.Message.Contains("Policy"));

    private async Task<Outcome> AskAsync(RoutingPolicy policy, ChatOptions? options = null, string prompt = "hi")
    {
        using var router = Router(policy);
        return await Outcome.OfAsync(router, streamed, options, prompt);
    }

    private RouterChatClient Router(RoutingPolicy policy, Action<RouterOptions>? more = null)
    {
        var options = new RouterOptions().Use(policy);
        more?.Invoke(options);
        return Routers.Alone(options, ("weak", _weak), ("strong", _strong));
    }

    private sealed class Stubborn : RoutingPolicy
    {
        public override string Name => "stubborn";

        public override RoutingChoice Choose(RoutingRequest context) => new("nobody");
    }
}
