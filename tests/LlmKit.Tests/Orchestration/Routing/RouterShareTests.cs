using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Orchestration.Routing;

/// <summary>A router that draws by weight: what each model gets of many calls.</summary>
public sealed class RouterShareTests
{
    private const double Calls = 100_000;

    private static readonly (string Model, double Weight)[] s_weights = [("a", 0.6), ("b", 0.3), ("c", 0.1)];

    [Test]
    public async Task Ask_ByWeightManyTimes_GivesEachModelItsShareWithinOnePoint([Values] bool byPolicy, [Values] bool streamed)
    {
        using var rig = new BudgetRig(builder =>
        {
            foreach (var (model, _) in s_weights)
                builder.AddPriced(model, new FixedChatClient(new(new ChatMessage(ChatRole.Assistant, model)) { FinishReason = ChatFinishReason.Stop }));
            builder.UseRouter(router => (byPolicy ? router.Use(RoutingPolicies.Weighted(s_weights)) : router.Weighted(s_weights)).Seed = 7);
        });
        var chat = rig.Chat;

        Dictionary<string, int> answers = [];
        for (var i = 0; i < Calls; i++)
        {
            var text = (await Outcome.OfAsync(chat, streamed)).Text;
            answers[text] = answers.GetValueOrDefault(text) + 1;
        }

        Assert.That((answers["a"] / Calls, answers["b"] / Calls, answers["c"] / Calls), Is.EqualTo((0.6, 0.3, 0.1)).Within(0.01));
    }
}
