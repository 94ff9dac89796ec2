using LlmKit.Models;
using LlmKit.Orchestration.Routing.Evaluation;
using LlmKit.Orchestration.Routing.Policies;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using NUnit.Framework;

namespace LlmKit.Tests.Orchestration.Routing.Evaluation.Traces;

/// <summary>Decisions in which the policy had no say: they are on record as such, and no replay is refused for them.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class ForcedDecisionTests(bool streamed)
{
    private readonly RoutingTraceLog _log = new();

    [Test]
    public async Task Record_DecisionsOfNoPolicy_AreMarkedAndLeftOutOfAReplay([Values("list", "pinned", "throws", "stranger")] string why)
    {
        using var host = Host(RoutingPolicies.When(
            request => request.Prompt.Length > 2 && why is "throws" or "stranger",
            why == "throws" ? RoutingPolicies.When(_ => throw new InvalidOperationException(), RoutingPolicies.Pin("weak"), RoutingPolicies.Pin("weak")) : new Stranger(),
            RoutingPolicies.Weighted(("weak", 1), ("strong", 1))));

        for (var i = 0; i < 40; i++)
        {
            await AskAsync(host, "hi");
            await AskAsync(host, "hello", new() { Model = why == "pinned" ? "weak" : null });
        }

        var traces = _log.Snapshot();
        var forced = traces.Where(trace => trace.IsForced).ToList();
        Assert.That(forced, Has.Count.EqualTo(why == "list" ? traces.Count(trace => trace.Policy == "fallback") : 40).And.Count.GreaterThan(0));
        Assert.That(forced.Select(trace => trace.Propensity), Is.All.EqualTo(1));
        var report = PolicyEvaluator.Replay(traces, [RoutingPolicies.Pin("strong")], new() { OneSided = ReplayEstimator.SelfNormalized });
        Assert.That((report.Forced, report.Policies[0].Quality.Value), Is.EqualTo((forced.Count, 1.0)));

        PipelineHost Host(RoutingPolicy policy) => new(builder =>
        {
            // The weak model fails at long prompts where there is a list for that.
            builder.AddModel("weak", new ScriptedChatClient((_, messages) => why == "list" && messages.Messages[^1].Text.Length > 2 ? ScriptedAnswer.Throws(Failures.Http(503)) : ScriptedAnswer.Text("from weak")));
            foreach (var name in (string[])["strong", "spare", "other"])
                builder.AddModel(name, new ScriptedChatClient(ScriptedAnswer.Text($"from {name}")));
            builder.UseRouter(options =>
            {
                options.Use(policy, "weak", "strong").Record(_log);
                options.FallbackTo(ModelFailureKind.Transient, "spare", "other");
            });
        });
    }

    private async Task AskAsync(PipelineHost host, string prompt, LlmCallOptions? options = null)
    {
        var outcome = await Outcome.OfAsync(host.Chat, streamed, options, prompt);
        _log.Score(outcome.Call!.Id, outcome.Text == "from strong" ? 1 : 0);
    }

    private sealed class Stranger : RoutingPolicy
    {
        public override string Name => "stranger";

        public override RoutingChoice Choose(RoutingRequest context) => new("nobody");
    }
}
