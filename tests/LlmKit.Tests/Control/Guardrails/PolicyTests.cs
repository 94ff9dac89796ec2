using LlmKit.Calls;
using LlmKit.Tests.Support;
using LlmKit.Text;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Guardrails;

[TestFixture(false)]
[TestFixture(true)]
public sealed class PolicyTests(bool streamed)
{
    [Test]
    public async Task Ask_OfATenantWithRulesOfItsOwn_KeepsToThem()
    {
        using var rig = new GuardrailRig(rules => rules.RedactPersonalData().ForTenant("acme", own => own.DenyTerms("dynamite")));

        var (other, _) = await AskAsync(rig, "globex", null, $"dynamite {GuardrailRig.Mail}");
        var (acme, _) = await AskAsync(rig, "acme", null, $"dynamite {GuardrailRig.Mail}");

        Assert.That(other.Text, Is.EqualTo("Fine."));
        Assert.That(acme.FinishReason, Is.EqualTo(ChatFinishReason.ContentFilter));
        Assert.That(rig.Model.Requests.Single().Text, Is.EqualTo("dynamite [EMAIL]"));
    }

    [Test]
    public async Task Ask_OfATenantAndAFeature_KeepsToBoth()
    {
        using var rig = new GuardrailRig(rules => rules
            .ForFeature("letters", own => own.RedactPersonalData())
            .ForTenant("acme", own => own.Redact(Rail.Input, TextDetectors.Terms(["falcon"]))));

        await AskAsync(rig, "acme", "letters", $"falcon {GuardrailRig.Mail}");
        await AskAsync(rig, "acme", null, $"falcon {GuardrailRig.Mail}");
        await AskAsync(rig, "globex", "letters", $"falcon {GuardrailRig.Mail}");

        Assert.That(rig.Model.Requests.Select(request => request.Text), Is.EqualTo(new[] { "[TERM] [EMAIL]", $"[TERM] {GuardrailRig.Mail}", "falcon [EMAIL]" }));
    }

    [TestCase(MissingIdentity.Refuse)]
    [TestCase(MissingIdentity.Skip)]
    public async Task Ask_WithoutATenant_IsRefusedWhereTenantsHaveRulesUnlessTheCommonOnesAreToHold(MissingIdentity missing)
    {
        using var rig = new GuardrailRig(rules =>
        {
            rules.RedactPersonalData().ForTenant("acme", own => own.DenyTerms("dynamite"));
            rules.MissingIdentity = missing;
        });
        string? refused = null;

        try
        {
            await AskAsync(rig, null, "letters", $"to {GuardrailRig.Mail}");
        }
        catch (AttemptRefusedException exception)
        {
            refused = exception.Message;
        }

        Assert.That(refused, missing == MissingIdentity.Refuse ? Does.Contain("GuardrailOptions.MissingIdentity") : Is.Null);
        Assert.That(rig.Model.Requests.Select(request => request.Text), Is.EqualTo(missing == MissingIdentity.Refuse ? [] : new[] { "to [EMAIL]" }));
    }

    [Test]
    public async Task Ask_OfATenantThatBeginsAnew_HasOnlyItsOwnRules()
    {
        using var rig = new GuardrailRig(rules => rules.RedactPersonalData().DenyTerms("dynamite").ForTenant("mine", own => own.Clear().RedactSecrets()));

        await AskAsync(rig, "mine", null, $"dynamite {GuardrailRig.Mail}");

        Assert.That(rig.Model.Requests.Single().Text, Is.EqualTo($"dynamite {GuardrailRig.Mail}"));
    }

    [Test]
    public async Task Ask_AfterTheConfigurationChanged_KeepsToTheNewRules()
    {
        var configuration = ChangingConfiguration.Of(("Guardrails:Tenants:acme:DeniedTerms:0", "falcon"));
        using var rig = new GuardrailRig(rules => rules.RedactPersonalData(), configuration: configuration);
        var (before, _) = await AskAsync(rig, "acme", null, "dynamite");
        var (falcon, _) = await AskAsync(rig, "acme", null, "falcon");

        configuration.Change("Guardrails:Tenants:acme:DeniedTerms:0", "dynamite");
        var (after, _) = await AskAsync(rig, "acme", null, "dynamite");

        Assert.That(new[] { before, falcon, after }.Select(response => response.FinishReason),
            Is.EqualTo(new[] { ChatFinishReason.Stop, ChatFinishReason.ContentFilter, ChatFinishReason.ContentFilter }));
    }

    [Test]
    public void Build_WithAWrongRuleOfATenant_NamesTheTenant() =>
        Assert.That(
            () => new GuardrailRig(rules => rules.RedactPersonalData().ForTenant("acme", own => own.MaxHoldback = 1)).AskAsync(streamed, "?"),
            Throws.TypeOf<LlmConfigurationException>().With.Message.Contains("'acme'").And.Message.Contains("'1'"));

    [Test]
    public async Task Ask_DataThatMustStayInARegion_IsNotAnsweredElsewhere()
    {
        var far = new LlmKit.Testing.ScriptedChatClient(LlmKit.Testing.ScriptedAnswer.Text("Far."));
        using var rig = new GuardrailRig(
            rules => rules.Flag(Rail.Request, TextDetectors.PaymentCard).KeepInRegions(["eu"], "CARD"),
            LlmKit.Testing.ScriptedAnswer.Throws(new HttpRequestException("down", null, System.Net.HttpStatusCode.ServiceUnavailable)),
            builder => builder.AddModel("far", far, options => options.Price = new(1, 1)).AddModel("near", new LlmKit.Testing.ScriptedChatClient(LlmKit.Testing.ScriptedAnswer.Text("Near.")), options =>
            {
                options.Price = new(1, 1);
                options.Region = "eu";
            }).UseRouter(router => router.Priority("model", "far", "near")));

        var (open, _) = await rig.AskAsync(streamed, "Hello");
        var (bound, call) = await rig.AskAsync(streamed, "My card is 4111 1111 1111 1111.");

        Assert.That(open.Text, Is.EqualTo("Far."));
        Assert.That(bound.Text, Is.EqualTo("Near."), "the fallback keeps to the region too");
        Assert.That(far.Requests, Has.Count.EqualTo(1));
        Assert.That(call.GetFact("llmkit.rails.found"), Is.EqualTo(new[] { "CARD" }));
    }

    [Test]
    public async Task Ask_DataThatMustStayOnAModelInTheArgumentsOfAnEarlierCall_IsRefusedByOthers()
    {
        using var rig = new GuardrailRig(rules => rules.Flag(Rail.Input, TextDetectors.PaymentCard).KeepOnModels(["own"], "CARD"));
        var arguments = new Dictionary<string, object?> { ["card"] = "4111 1111 1111 1111" };

        Assert.That(
            async () => await rig.AskAsync(
                streamed,
                new ChatMessage(ChatRole.User, "Pay."),
                new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("c1", "pay", arguments)]),
                new ChatMessage(ChatRole.Tool, [new FunctionResultContent("c1", "done")])),
            Throws.InstanceOf<LlmException>());
        await Task.CompletedTask;
    }

    [Test]
    public async Task Ask_DataThatMustStayOnAModel_IsRefusedByOthers()
    {
        using var rig = new GuardrailRig(rules => rules.RedactPersonalData().KeepOnModels(["own"]));

        Assert.That(async () => await rig.AskAsync(streamed, GuardrailRig.Mail), Throws.InstanceOf<LlmException>());
        Assert.That((await rig.AskAsync(streamed, "nothing")).Response.Text, Is.EqualTo("Fine."));
    }

    private Task<(ChatResponse Response, LlmCall Call)> AskAsync(GuardrailRig rig, string? tenant, string? feature, string text) =>
        rig.AskAsync(streamed, new LlmCallOptions { Tenant = tenant, Feature = feature }, new ChatMessage(ChatRole.User, text));
}
