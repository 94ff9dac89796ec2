using System.Text.Json;
using LlmKit.Calls;
using LlmKit.Testing;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Guardrails;

[TestFixture(false)]
[TestFixture(true)]
public sealed class FormatRailTests(bool streamed)
{
    private static readonly JsonElement Schema = JsonSerializer.SerializeToElement(new { type = "object", required = new[] { "city" }, properties = new { city = new { type = "string" } } });
    private static readonly ScriptedAnswer Good = ScriptedAnswer.Text("{\"city\":", "\"Paris\"}");
    private static readonly ScriptedAnswer Bad = ScriptedAnswer.Text("{\"town\":", "\"Paris\"}");

    private readonly ChatOptions _options = new() { ResponseFormat = ChatResponseFormat.ForJsonSchema(Schema) };

    [Test]
    public async Task Ask_AnAnswerOfTheForm_IsShownAsItIs()
    {
        var (response, call, model) = await AskAsync(rules => rules.RequireFormat(), Good);

        Assert.That(response.Text, Is.EqualTo("{\"city\":\"Paris\"}"));
        Assert.That(model.Requests, Has.Count.EqualTo(1));
        Assert.That(call.Marks, Is.EqualTo(AnswerMarks.None));
    }

    [Test]
    public async Task Ask_AnAnswerWithoutTheForm_IsRepairedByTheModelThatIsToldWhy()
    {
        var (response, call, model) = await AskAsync(rules => rules.RequireFormat(), Bad, Good);

        Assert.That(response.Text, Is.EqualTo("{\"city\":\"Paris\"}"));
        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.Stop));
        var repair = model.Requests[1];
        Assert.That(repair.Messages.Select(message => message.Role), Is.EqualTo(new[] { ChatRole.User, ChatRole.Assistant, ChatRole.User }));
        Assert.That(repair.Messages[2].Text, Does.Contain("city").And.Not.Contain("Paris"));
        Assert.That(repair.Options!.ResponseFormat, Is.SameAs(_options.ResponseFormat));
        Assert.That(call.Attempts, Has.Count.EqualTo(2), "both are paid for");
        Assert.That(call.Marks.HasFlag(AnswerMarks.Repaired));
    }

    [Test]
    public async Task Ask_TextAroundTheJson_IsRepaired()
    {
        var (response, _, model) = await AskAsync(rules => rules.RequireFormat(), ScriptedAnswer.Text("Here: {\"city\":\"Paris\"}"), Good);

        Assert.That(response.Text, Is.EqualTo("{\"city\":\"Paris\"}"));
        Assert.That(model.Requests[1].Messages[^1].Text, Does.Contain("no JSON"));
    }

    [Test]
    public async Task Ask_RepairsThatFail_AskTheOtherModelOnce()
    {
        var strong = new ScriptedChatClient(Good);
        using var rig = new GuardrailRig(
            rules => rules.RequireFormat(configure: format =>
            {
                format.MostRepairs = 2;
                format.EscalateTo = "strong";
            }),
            Bad,
            builder => builder.AddModel("strong", strong, options => options.Price = new(1, 1)).UseRouter(router => router.Priority("model", "strong")));

        var (response, call) = await rig.AskAsync(streamed, _options, new ChatMessage(ChatRole.User, "Where?"));

        Assert.That(response.Text, Is.EqualTo("{\"city\":\"Paris\"}"));
        Assert.That((rig.Model.Requests.Count, strong.Requests.Count), Is.EqualTo((3, 1)));
        Assert.That(call.Attempts, Has.Count.EqualTo(4));
    }

    [Test]
    public async Task Ask_AllThatFails_IsBlocked()
    {
        var (response, _, model) = await AskAsync(rules => rules.RequireFormat(), Bad);

        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.ContentFilter));
        Assert.That(response.Text, Is.EqualTo(new GuardrailOptions().BlockedAnswer));
        Assert.That(model.Requests, Has.Count.EqualTo(2), "one repair by default");
    }

    [Test]
    public async Task Ask_AllThatFailsWithAFallback_GivesThat()
    {
        var (response, _, _) = await AskAsync(rules => rules.RequireFormat(configure: format => format.FallbackAnswer = "{\"city\":\"unknown\"}"), Bad);

        Assert.That(response.Text, Is.EqualTo("{\"city\":\"unknown\"}"));
    }

    [Test]
    public async Task Ask_ARepairedAnswer_IsNotKept()
    {
        using var rig = new GuardrailRig(rules => rules.RequireFormat(AnswerFormats.OneOf("yes", "no")), ScriptedAnswer.Text("Maybe."), builder => builder.UseSemanticCache());

        await rig.AskAsync(streamed, "Is it?");
        var before = rig.Model.Requests.Count;
        await rig.AskAsync(streamed, "Is it?");

        Assert.That(rig.Model.Requests.Count, Is.GreaterThan(before));
    }

    [Test]
    public async Task Ask_APlaceholderInAFormWithARule_IsCheckedAsTheValueItStandsFor()
    {
        var mails = JsonSerializer.SerializeToElement(new { properties = new { mail = new { type = "string", format = "email" } } });
        using var rig = new GuardrailRig(
            rules => rules.RedactPersonalData(style: LlmKit.Text.RedactionStyle.Placeholder).RequireFormat(AnswerFormats.Json(mails)), ScriptedAnswer.Text("{\"mail\": \"[EMAIL_1]\"}"));

        var (response, _) = await rig.AskAsync(streamed, $"I am {GuardrailRig.Mail}");

        Assert.That(response.Text, Is.EqualTo($"{{\"mail\": \"{GuardrailRig.Mail}\"}}"));
        Assert.That(rig.Model.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Ask_ARepairThatBringsWhatARuleForbids_IsNotShown()
    {
        var (response, _, _) = await AskAsync(rules => rules.RequireFormat(AnswerFormats.Matching("[^!]*", "Do not shout.")).DenyTerms("dynamite"), ScriptedAnswer.Text("No!"), ScriptedAnswer.Text("dynamite"));

        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.ContentFilter));
        Assert.That(response.Text, Does.Not.Contain("dynamite"));
    }

    [Test]
    public async Task Ask_AnAnswerThatCallsTools_IsNotHeldToTheForm()
    {
        var (response, _, model) = await AskAsync(rules => rules.RequireFormat(), ScriptedAnswer.Text("Wait.") with { Contents = [new FunctionCallContent("c1", "find")], FinishReason = ChatFinishReason.ToolCalls });

        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.ToolCalls));
        Assert.That(model.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Ask_Observed_ShowsTheAnswerAndRecordsIt()
    {
        var (response, call, model) = await AskAsync(rules => rules.Observed(own => own.RequireFormat()), Bad);

        Assert.That(response.Text, Is.EqualTo("{\"town\":\"Paris\"}"));
        Assert.That(model.Requests, Has.Count.EqualTo(1));
        Assert.That(call.Steps, Has.Some.Matches<CallStep>(step => step is { Stage: "guardrails", Observed: true, Reason: "format" }));
    }

    private async Task<(ChatResponse Response, LlmCall Call, ScriptedChatClient Model)> AskAsync(Action<GuardrailOptions> rules, params ScriptedAnswer[] answers)
    {
        using var rig = new GuardrailRig(rules, answers);
        var (response, call) = await rig.AskAsync(streamed, _options, new ChatMessage(ChatRole.User, "Where?"));
        return (response, call, rig.Model);
    }
}
