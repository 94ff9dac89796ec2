using LlmKit.Calls;
using LlmKit.Control.Guardrails;
using LlmKit.Testing;
using LlmKit.Text;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Guardrails;

/// <summary>Rules on trial: they are told of and do nothing.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class ObservedRuleTests(bool streamed)
{
    private const string Card = "My card is 4111 1111 1111 1111.";

    [Test]
    public async Task Ask_ADeniedTermOnTrial_GoesOnAndIsTold()
    {
        using var rig = new GuardrailRig(rules => rules.DenyTerms("poison").Observed(trial => trial.DenyTerms("dynamite")));

        var (response, call) = await rig.AskAsync(streamed, "Where is the dynamite?");
        var (blocked, _) = await rig.AskAsync(streamed, "Where is the poison?");

        Assert.That(response.Text, Is.EqualTo("Fine."));
        Assert.That(call.Steps.OfType<GuardrailStep>().Single(), Has.Property("Rule").EqualTo("denied-term").And.Property("Observed").True);
        Assert.That(blocked.FinishReason, Is.EqualTo(ChatFinishReason.ContentFilter));
    }

    [Test]
    public async Task Ask_LimitsOnToolsOnTrial_AreToldAndTheCallGoesOn()
    {
        var made = new FunctionCallContent("c1", "delete_all");
        using var rig = new GuardrailRig(
            rules => rules.Observed(trial => trial.LimitTools()), ScriptedAnswer.Text("") with { Contents = [made], FinishReason = ChatFinishReason.ToolCalls });

        var (response, call) = await rig.AskAsync(streamed, "Do it.");

        Assert.That(response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Single(), Is.SameAs(made));
        Assert.That(call.Steps.OfType<GuardrailStep>().Single(), Has.Property("Rule").EqualTo("tool-undeclared").And.Property("Observed").True);
    }

    [Test]
    public async Task Ask_ATenantsRulesOnTrial_AreOnTrial()
    {
        using var rig = new GuardrailRig(rules => rules.RedactSecrets().Observed(trial => trial.ForTenant("acme", own => own.DenyTerms("dynamite"))));

        var (response, call) = await rig.AskAsync(streamed, new LlmCallOptions { Tenant = "acme" }, new ChatMessage(ChatRole.User, "dynamite"));

        Assert.That(response.Text, Is.EqualTo("Fine."));
        Assert.That(call.Steps.OfType<GuardrailStep>().Single().Observed, Is.True);
    }

    [Test]
    public async Task Ask_DataThatARuleOnTrialFinds_BindsNothing()
    {
        using var rig = Bound(rules => rules.Flag(Rail.Retrieved, TextDetectors.PaymentCard).Observed(trial => trial.Block(Rail.Input, TextDetectors.PaymentCard)));

        var (response, call) = await rig.AskAsync(streamed, Card);

        Assert.That(response.Text, Is.EqualTo("Fine."));
        Assert.That(call.GetFact("llmkit.rails.found"), Is.Null);
    }

    [Test]
    public async Task Ask_DataThatARuleOnTrialFindsToo_IsBoundByTheOther([Values] bool trialFirst)
    {
        using var rig = Bound(rules =>
        {
            if (!trialFirst)
                rules.Flag(Rail.Input, TextDetectors.PaymentCard);
            rules.Observed(trial => trial.Block(Rail.Input, TextDetectors.PaymentCard));
            if (trialFirst)
                rules.Flag(Rail.Input, TextDetectors.PaymentCard);
        });

        Assert.That(async () => await rig.AskAsync(streamed, Card), Throws.InstanceOf<LlmException>());
        await Task.CompletedTask;
    }

    private static GuardrailRig Bound(Action<GuardrailOptions> rules) => new(options =>
    {
        rules(options);
        options.KeepOnModels(["own"], "CARD");
    });
}
