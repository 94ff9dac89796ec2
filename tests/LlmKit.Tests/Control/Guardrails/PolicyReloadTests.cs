using LlmKit.Calls;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using LlmKit.Text;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Guardrails;

/// <summary>Rules that change while a pipeline runs: the next call keeps to the new ones, a running answer to those it began with.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class PolicyReloadTests(bool streamed)
{
    private static readonly AIFunction Read = AIFunctionFactory.Create((string page) => page, "read");

    private readonly ChatOptions _options = new() { Tools = [Read] };

    [TestCase("MostCalls", "1", "2")]
    [TestCase("Allowed:0", "pay", "read")]
    [TestCase("Denied:0", "read", "pay")]
    public async Task Ask_AfterALimitOnToolsChanged_KeepsToTheNew(string key, string before, string after)
    {
        var configuration = ChangingConfiguration.Of(("Guardrails:Tools:" + key, before));
        using var rig = new GuardrailRig(rules => rules.LimitTools(), Calls(2), configuration: configuration);
        var (first, _) = await rig.AskAsync(streamed, _options, new ChatMessage(ChatRole.User, "Read."));

        configuration.Change("Guardrails:Tools:" + key, after);
        var (second, _) = await rig.AskAsync(streamed, _options, new ChatMessage(ChatRole.User, "Read."));

        Assert.That((first.FinishReason, second.FinishReason), Is.EqualTo((ChatFinishReason.ContentFilter, ChatFinishReason.ToolCalls)));
    }

    [Test]
    public async Task Ask_AfterRulesOfTheCodeChanged_KeepsToTheNew()
    {
        var (names, topic) = ("falcon", "lawsuit");
        var configuration = ChangingConfiguration.Of();
        using var rig = new GuardrailRig(
            rules => rules.Redact(Rail.Input, TextDetectors.Terms([names])).DenyTopic("legal", 1, topic), configuration: configuration);
        await rig.AskAsync(streamed, "falcon and eagle in a merger");

        (names, topic) = ("eagle", "merger");
        Reload(configuration);
        await rig.AskAsync(streamed, "falcon and eagle in a lawsuit");
        var (blocked, _) = await rig.AskAsync(streamed, "a merger");

        Assert.That(rig.Model.Requests.Select(request => request.Text), Is.EqualTo(new[] { "[TERM] and eagle in a merger", "falcon and [TERM] in a lawsuit" }));
        Assert.That(blocked.FinishReason, Is.EqualTo(ChatFinishReason.ContentFilter));
    }

    [Test]
    public async Task Stream_ThatRunsWhileRulesChange_KeepsToTheOld()
    {
        var (names, topic) = ("falcon", "lawsuit");
        var configuration = ChangingConfiguration.Of();
        using var rig = new GuardrailRig(
            rules => rules.Redact(Rail.Output, TextDetectors.Terms([names])).DenyTopic("legal", 1, topic),
            ScriptedAnswer.Text("The answer: ", "falcon and ", "eagle in ", "a merger ", "or a ", "lawsuit."),
            configuration: configuration);
        var shown = "";

        await foreach (var update in rig.StreamAsync("Tell me"))
        {
            shown += update.Text;
            if (topic == "merger" || shown.Length == 0)
                continue;
            (names, topic) = ("eagle", "merger");
            Reload(configuration);
        }

        Assert.That(shown, Does.StartWith("The answer: [TERM] and eagle in a merger or a ").And.EndWith(new GuardrailOptions().BlockedAnswer));
    }

    [Test]
    public async Task Stream_ThatRunsWhileALimitOnToolsChanges_KeepsToTheOld()
    {
        var configuration = ChangingConfiguration.Of(("Guardrails:Tools:MostCalls", "2"));
        using var rig = new GuardrailRig(rules => rules.LimitTools(), Calls(2), configuration: configuration);
        var updates = new List<ChatResponseUpdate>();

        await foreach (var update in rig.StreamAsync("Read.", _options))
        {
            if (updates.Count == 0)
                configuration.Change("Guardrails:Tools:MostCalls", "1");
            updates.Add(update);
        }

        Assert.That(updates.ToChatResponse().FinishReason, Is.EqualTo(ChatFinishReason.ToolCalls));
    }

    [Test]
    public async Task Ask_OfATenantAndAFeatureAfterAReloadThatWasRejected_KeepsToTheOldRules()
    {
        var configuration = ChangingConfiguration.Of(("Guardrails:Tenants:acme:MaxHoldback", "512"));
        using var rig = new GuardrailRig(rules => rules.RedactSecrets().ForFeature("letters", own => own.RedactPersonalData()), configuration: configuration);
        await rig.AskAsync(streamed, new LlmCallOptions { Tenant = "globex" }, new ChatMessage(ChatRole.User, "Hello"));

        configuration.Change("Guardrails:Tenants:acme:MaxHoldback", "1");
        await rig.AskAsync(streamed, new LlmCallOptions { Tenant = "acme", Feature = "letters" }, new ChatMessage(ChatRole.User, GuardrailRig.Mail));

        Assert.That(rig.Model.Requests[1].Text, Is.EqualTo("[EMAIL]"));
    }

    [Test]
    public async Task Build_WithARuleThatIsWrongForATenantsFeatureOnly_NamesBoth()
    {
        Assert.That(
            () => new GuardrailRig(rules => rules.RedactPersonalData()
                .ForFeature("letters", own => own.MaxHoldback = 256)
                .ForTenant("acme", own => own.MaxHoldback /= 4)).AskAsync(streamed, "?"),
            Throws.TypeOf<LlmConfigurationException>().With.Message.Contains("'acme'").And.Message.Contains("'letters'").And.Message.Contains("'64'"));
        await Task.CompletedTask;
    }

    private static void Reload(IConfigurationRoot configuration) => configuration.Reload();

    private static ScriptedAnswer Calls(int count) => ScriptedAnswer.Text("One ", "moment.") with
    {
        Contents = [.. Enumerable.Range(1, count).Select(number => new FunctionCallContent($"c{number}", "read", new Dictionary<string, object?> { ["page"] = "home" }))],
        FinishReason = ChatFinishReason.ToolCalls,
    };
}
