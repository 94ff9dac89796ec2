using LlmKit.Pipeline;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using NUnit.Framework;

namespace LlmKit.Tests.Pipeline.Stages;

public sealed class StageOrderTests
{
    [Test]
    public void Check_RecommendedOrder_SaysNothing()
    {
        var (failures, warnings) = Check([.. Enum.GetValues<StagePlace>()]);

        Assert.That(failures, Is.Empty);
        Assert.That(warnings, Is.Empty);
    }

    [Test]
    public void Check_BudgetInsideTheRouter_IsAnError()
    {
        var (failures, _) = Check(StagePlace.Router, StagePlace.Budget);

        Assert.That(failures.Single(), Does.Contain("UseBudget before UseRouter"));
    }

    [Test]
    public void Check_GuardrailsInsideTheCache_IsAnError()
    {
        var (failures, _) = Check(StagePlace.Cache, StagePlace.Guardrails);

        Assert.That(failures.Single(), Does.Contain("UseGuardrails before UseSemanticCache"));
    }

    [TestCase(nameof(StagePlace.Guardrails), nameof(StagePlace.Tracing))]
    [TestCase(nameof(StagePlace.Cache), nameof(StagePlace.RateLimits))]
    [TestCase(nameof(StagePlace.Resilience), nameof(StagePlace.Router))]
    [TestCase(nameof(StagePlace.Budget), nameof(StagePlace.Guardrails))]
    [TestCase(nameof(StagePlace.Router), nameof(StagePlace.Cache))]
    public void Check_AnyOtherOrder_WarnsWithTheReason(string outer, string inner)
    {
        var (failures, warnings) = Check(Enum.Parse<StagePlace>(outer), Enum.Parse<StagePlace>(inner));

        Assert.That(failures, Is.Empty);
        Assert.That(warnings.Single(), Does.StartWith($"{outer} stands outside {inner}").And.EndsWith("."));
    }

    [Test]
    public void Check_CustomStages_StandAnywhere()
    {
        var (failures, warnings) = Check(StagePlace.Custom, StagePlace.Tracing, StagePlace.Custom, StagePlace.Router, StagePlace.Custom);

        Assert.That(failures.Concat(warnings), Is.Empty);
    }

    [Test]
    public void Check_SameStageTwice_Warns()
    {
        var (_, warnings) = Check(StagePlace.Cache, StagePlace.Cache);

        Assert.That(warnings.Single(), Is.EqualTo("Cache is used twice."));
    }

    [Test]
    public void Build_SeveralRouters_IsAnError()
    {
        using var host = PipelineHost.For(ScriptedAnswer.Text("Paris"), builder => builder.UseOrder().UseOrder());

        Assert.That(() => host.Chat, Throws.InstanceOf<LlmConfigurationException>().With.Message.Contains("several routers"));
    }

    [Test]
    public async Task Build_DoubtfulOrder_WarnsOnce()
    {
        using var host = PipelineHost.For(ScriptedAnswer.Text("Paris"), builder => builder.UsePlace(StagePlace.Cache).UsePlace(StagePlace.Tracing));

        await host.Chat.AskAsync(streamed: false);
        await host.Chat.AskAsync(streamed: false);

        Assert.That(host.Logs.Messages.Count(message => message.Contains("order of stages", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    private static (List<string> Failures, List<string> Warnings) Check(params StagePlace[] places)
    {
        var (failures, warnings) = (new List<string>(), new List<string>());
        StageOrder.Check([.. places.Select(place => TestStages.Passing(place.ToString(), place))], failures, warnings);
        return (failures, warnings);
    }
}
