using LlmKit.Orchestration.Routing.Learning;
using LlmKit.Orchestration.Routing.Policies;
using LlmKit.Tests.Orchestration.Routing.Learning;
using NUnit.Framework;

namespace LlmKit.Tests.Orchestration.Routing.Policies;

/// <summary>Policies alone: what they choose for a context and a chance.</summary>
public sealed class RoutingPolicyTests
{
    [Test]
    public void Priority_Models_ChoosesTheFirstThatIsACandidate()
    {
        var policy = RoutingPolicies.Priority("a", "b");

        Assert.That(policy.Choose(Context("b", "c")), Is.EqualTo(new RoutingChoice("b")));
        Assert.That(policy.Choose(Context("c")), Is.EqualTo(new RoutingChoice("c", "default")));
    }

    [Test]
    public void Weighted_ManyChances_GivesEachItsShareWithinOnePoint()
    {
        var policy = RoutingPolicies.Weighted(("a", 0.6), ("b", 0.3), ("c", 0.1));
        var chance = new Random(7);

        var counts = Enumerable.Range(0, 100_000).Select(_ => policy.Choose(Context("a", "b", "c").WithChance(chance.NextDouble())).Model).CountBy(model => model).ToDictionary();

        Assert.That((counts["a"] / 1e5, counts["b"] / 1e5, counts["c"] / 1e5), Is.EqualTo((0.6, 0.3, 0.1)).Within(0.01));
    }

    [Test]
    public void Weighted_AModelThatIsGone_LeavesItsShareToTheOthers()
    {
        var choice = RoutingPolicies.Weighted(("a", 0.6), ("b", 0.3), ("c", 0.1)).Choose(Context("b", "c").WithChance(0.74));

        Assert.That(choice.Model, Is.EqualTo("b"));
        Assert.That(choice.Propensity, Is.EqualTo(0.75).Within(1e-9));
    }

    [TestCase(0.2, "a")]
    [TestCase(0.7, "b")]
    public void Weighted_EnormousWeights_StayShares(double chance, string model)
    {
        var policy = RoutingPolicies.Weighted(("a", double.MaxValue), ("b", double.MaxValue), ("c", double.Epsilon));

        Assert.That(policy.Choose(Context("a", "b", "c").WithChance(chance)), Is.EqualTo(new RoutingChoice(model) { Propensity = 0.5 }));
    }

    [Test]
    public void RoundRobin_Requests_GoRound()
    {
        var policy = RoutingPolicies.RoundRobin();

        Assert.That(Enumerable.Range(0, 5).Select(_ => policy.Choose(Context("a", "b")).Model), Is.EqualTo(["a", "b", "a", "b", "a"]));
    }

    [Test]
    public void Sticky_RaisedShare_MovesNobodyBack()
    {
        var users = Enumerable.Range(0, 10_000).Select(index => $"user {index}").ToList();
        HashSet<string> before = [];
        foreach (var share in new[] { 0.01, 0.1, 0.5, 0.9 })
        {
            var policy = RoutingPolicies.Sticky(key: null, ("old", 1 - share), ("new", share));
            var moved = users.Where(user => policy.Choose(new([new("old"), new("new")]) { User = user }).Model == "new").ToHashSet();

            Assert.That(moved, Is.SupersetOf(before));
            Assert.That(moved.Count / 10_000.0, Is.EqualTo(share).Within(0.015));
            before = moved;
        }
    }

    [Test]
    public void Sticky_NoKey_ChoosesTheFirst() =>
        Assert.That(RoutingPolicies.Sticky(key: null, ("old", 0.5), ("new", 0.5)).Choose(Context("old", "new")), Is.EqualTo(new RoutingChoice("old", "default")));

    [Test]
    public void RoundRobin_OneCandidateLeft_IsNobodysTurn()
    {
        var policy = RoutingPolicies.RoundRobin();
        policy.Choose(Context("a", "b"));

        policy.Choose(Context("b"));

        Assert.That(policy.Choose(Context("a", "b")).Model, Is.EqualTo("b"));
    }

    [Test]
    public void Sticky_AKey_HasTheSharesOfAllKeysForPropensities()
    {
        var policy = RoutingPolicies.Sticky(key: null, ("old", 3), ("new", 1));
        var context = new RoutingRequest([new("old"), new("new"), new("third")]) { User = "user 1" };

        var choice = policy.Choose(context);

        Assert.That(choice.Propensity, Is.EqualTo(choice.Model == "old" ? 0.75 : 0.25));
        Assert.That((policy.PropensityOf("old", context), policy.PropensityOf("new", context), policy.PropensityOf("third", context)), Is.EqualTo((0.75, 0.25, 0.0)));
    }

    [Test]
    public void Version_OtherRules_IsAnother()
    {
        RoutingPolicy[][] unlike =
        [
            [RoutingPolicies.Pin("a"), RoutingPolicies.Pin("b"), RoutingPolicies.Priority("a", "b"), RoutingPolicies.Priority("b", "a"), RoutingPolicies.Priority("ab")],
            [RoutingPolicies.Weighted(("a", 1), ("b", 2)), RoutingPolicies.Weighted(("a", 2), ("b", 1)), RoutingPolicies.Weighted(("a", 1), ("c", 2))],
            [RoutingPolicies.Sticky(key: null, ("a", 1), ("b", 2)), RoutingPolicies.Sticky(key: null, ("a", 2), ("b", 1))],
            [RoutingPolicies.Length("a", "b", 5), RoutingPolicies.Length("b", "a", 5), RoutingPolicies.Length("a", "b", 6)],
            [RoutingPolicies.Scored("mine", "1", "a", "b", 0.5, _ => 0), RoutingPolicies.Scored("mine", "1", "a", "b", 0.6, _ => 0)],
            [RoutingPolicies.Pin("a").Exploring(0.05), RoutingPolicies.Pin("a").Exploring(0.1), RoutingPolicies.Pin("b").Exploring(0.1), RoutingPolicies.Pin("a")],
        ];

        foreach (var policies in unlike)
            Assert.That(policies.Select(policy => policy.ToString()), Is.Unique);
    }

    [Test]
    public void Version_TheSameRules_IsTheSame()
    {
        Assert.That(RoutingPolicies.Weighted(("b", 2), ("a", 1)).ToString(), Is.EqualTo(RoutingPolicies.Weighted(("a", 1), ("b", 2)).ToString()));
        Assert.That(RoutingPolicies.Pin("a").ToString(), Is.EqualTo(RoutingPolicies.Priority("a").ToString()).And.Match("^priority/1:[0-9a-f]{8}$"));
    }

    [Test]
    public void Length_Threshold_IsTheFirstLongPrompt()
    {
        var policy = RoutingPolicies.Length("weak", "strong", threshold: 5);

        Assert.That(policy.Choose(Asked("weak", "strong", "four")), Is.EqualTo(new RoutingChoice("weak") { Score = 4, Threshold = 5 }));
        Assert.That(policy.Choose(Asked("weak", "strong", "fives")).Model, Is.EqualTo("strong"));
    }

    [Test]
    public void Length_WantedModelGone_ChoosesTheOtherBeforeAThird()
    {
        var policy = RoutingPolicies.Length("weak", "strong", threshold: 100);

        Assert.That(policy.Choose(new([new("third"), new("strong")]) { Prompt = "short" }), Is.EqualTo(new RoutingChoice("strong", "default") { Score = 5, Threshold = 100 }));
        Assert.That(policy.Choose(new([new("third")]) { Prompt = "short" }).Model, Is.EqualTo("third"));
    }

    [Test]
    public void Complexity_Words_TellHardFromSimple()
    {
        var policy = RoutingPolicies.Complexity("weak", "strong", threshold: 0.4);

        Assert.That(policy.Choose(Asked("weak", "strong", "What is the capital of Peru?")).Model, Is.EqualTo("weak"));
        Assert.That(policy.Choose(Asked("weak", "strong", "Prove step by step that the algorithm is optimal, and compare it with the one that must use at most two queues.")).Model, Is.EqualTo("strong"));
    }

    [Test]
    public void Learned_AGainModel_DecidesAndNamesItsVersion()
    {
        var model = GainModel.FitPrompts(RoutingExamples.Draw(400));
        var policy = RoutingPolicies.Learned(model, "weak", "strong", threshold: 0.4);

        Assert.That(policy.Choose(Asked("weak", "strong", "Prove that the harbour has 12 parts.")).Model, Is.EqualTo("strong"));
        Assert.That(policy.Choose(Asked("weak", "strong", "Name the harbour number 12 again.")).Model, Is.EqualTo("weak"));
        Assert.That((policy.Name, policy.Version), Is.EqualTo(("learned", RoutingPolicies.Scored("learned", $"{model.Version}@0.4", "weak", "strong", 0.4, _ => 0).Version)));
    }

    [Test]
    public void Learned_TooFewExamples_SaysInItsNameThatLengthDecides() =>
        Assert.That(RoutingPolicies.Learned(GainModel.FitPrompts([]), "weak", "strong", 0.5).Name, Is.EqualTo("learned-by-length"));

    [Test]
    public void Learned_AModelThatReadsDrafts_IsRefused() =>
        Assert.That(() => RoutingPolicies.Learned(GainModel.FitDrafts(RoutingExamples.Draw(400)), "weak", "strong", 0.5), Throws.ArgumentException.With.Message.Contains("FitPrompts"));

    [Test]
    public void When_ACondition_ChoosesThePolicy()
    {
        var policy = RoutingPolicies.When(context => context.Tags.ContainsKey("vip"), RoutingPolicies.Pin("strong"), RoutingPolicies.Pin("weak"));

        Assert.That(policy.Choose(new([new("weak"), new("strong")]) { Tags = new Dictionary<string, string> { ["vip"] = "yes" } }).Model, Is.EqualTo("strong"));
        Assert.That(policy.Choose(Context("weak", "strong")).Model, Is.EqualTo("weak"));
    }

    [Test]
    public void Exploring_ManyChances_GivesEveryModelItsPropensity()
    {
        var policy = RoutingPolicies.Weighted(("a", 0.8), ("b", 0.2)).Exploring(0.3);
        var chance = new Random(11);
        var candidates = Context("a", "b", "c");

        var choices = Enumerable.Range(0, 100_000).Select(_ => policy.Choose(candidates.WithChance(chance.NextDouble()))).ToList();

        foreach (var model in new[] { "a", "b", "c" })
        {
            var chosen = choices.Where(choice => choice.Model == model).ToList();
            Assert.That(chosen.Count / 1e5, Is.EqualTo(policy.PropensityOf(model, candidates)).Within(0.01));
            Assert.That(chosen.Select(choice => choice.Propensity), Is.All.EqualTo(policy.PropensityOf(model, candidates)).Within(1e-9));
        }
    }

    [Test]
    public void PropensityOf_AnyPolicy_IsThatOfItsChoiceAndSumsToOne([Values] bool explores)
    {
        RoutingPolicy[] policies =
        [
            RoutingPolicies.Priority("b"), RoutingPolicies.Weighted(("a", 1), ("c", 3)), RoutingPolicies.Length("a", "b", 3),
            RoutingPolicies.LeastBusy(), RoutingPolicies.LeastLatency(), RoutingPolicies.LeastCost(), RoutingPolicies.Sticky(_ => "key", ("a", 1), ("b", 1)),
            RoutingPolicies.When(_ => true, RoutingPolicies.Weighted(("a", 1), ("b", 1)), RoutingPolicies.Pin("c")),
        ];
        foreach (var policy in policies.Select(policy => explores ? policy.Exploring(0.1) : policy))
        {
            foreach (var chance in new[] { 0, 0.03, 0.3, 0.6, 0.999 })
            {
                var context = Context("a", "b", "c").WithChance(chance);
                var choice = policy.Choose(context);

                Assert.That(choice.Propensity, Is.EqualTo(policy.PropensityOf(choice.Model, context)).Within(1e-9), $"{policy} at {chance}");
                Assert.That(context.Candidates.Sum(candidate => policy.PropensityOf(candidate.Name, context)), Is.EqualTo(1).Within(1e-9), policy.ToString());
                Assert.That(policy.Choose(context), Is.EqualTo(choice), policy.ToString());
            }
        }
    }

    [TestCase(-1)]
    [TestCase(0)]
    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void Weighted_NoWeightAboveZero_IsRefused(double weight) =>
        Assert.That(() => RoutingPolicies.Weighted(("a", weight)), Throws.ArgumentException.With.Message.Contains("weight"));

    private static RoutingRequest Context(params string[] names) => new([.. names.Select(name => new ModelCandidate(name))]);

    private static RoutingRequest Asked(string weak, string strong, string prompt) => new([new(weak), new(strong)]) { Prompt = prompt };
}
