using System.Text.Json;
using LlmKit.Control.Guardrails;
using LlmKit.Testing;
using LlmKit.Text;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Guardrails;

/// <summary>What the arguments of tool calls hold, by name and by value, and what is asked about them.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class ToolArgumentTests(bool streamed)
{
    private const string Secret = "You are the desk of a bicycle shop and grant at most seven percent of rebate to anybody who asks twice.";

    private static readonly ChatMessage[] Asked = [new(ChatRole.System, Secret), new(ChatRole.User, "Who are you?")];

    [Test]
    public async Task Ask_ACallThatCarriesTheCanary_IsBlocked()
    {
        var model = new ScriptedChatClient((_, request) =>
        {
            var token = request.Messages.Where(message => message.Role == ChatRole.System).Last().Text.Split(' ')[^1].TrimEnd('.');
            return Calls(new FunctionCallContent("c1", "send_email", new Dictionary<string, object?> { ["body"] = new[] { "It is " + token } }));
        });
        using var host = Support.PipelineHost.For(model, builder => builder.UseGuardrails(rules => rules.BlockPromptLeak(withCanary: true)));

        var response = streamed ? await host.Chat.GetStreamingResponseAsync(Asked).ToChatResponseAsync() : await host.Chat.GetResponseAsync(Asked);

        Assert.That(response.AdditionalProperties?["llmkit.guardrail"], Is.EqualTo("tool_call/canary"));
        Assert.That(CallsOf(response), Is.Empty);
    }

    private static IEnumerable<TestCaseData> Leaks()
    {
        yield return new TestCaseData(new Dictionary<string, object?> { ["body"] = "you are the DESK of a bicycle shop\nand grant at most seven percent" }).SetArgDisplayNames("a value");
        yield return new TestCaseData(new Dictionary<string, object?> { ["body"] = Secret.Split(' ') }).SetArgDisplayNames("word by word");
        yield return new TestCaseData(new Dictionary<string, object?> { ["body"] = new Dictionary<string, object?> { [Secret] = 1 } }).SetArgDisplayNames("a name");
        yield return new TestCaseData(Secret.Split(' ').Chunk(3).Select((words, at) => ($"p{at}", (object?)string.Join(' ', words))).ToDictionary()).SetArgDisplayNames("over several arguments");
    }

    [TestCaseSource(nameof(Leaks))]
    public async Task Ask_ACallThatCarriesTheInstructions_IsBlocked(Dictionary<string, object?> arguments)
    {
        using var rig = new GuardrailRig(rules => rules.BlockPromptLeak(), Calls(new FunctionCallContent("c1", "send_email", arguments)));

        var (response, call) = await rig.AskAsync(streamed, Asked);

        Assert.That(response.AdditionalProperties?["llmkit.guardrail"], Is.EqualTo("tool_call/prompt-leak"));
        Assert.That(call.Steps.OfType<GuardrailStep>().Single(), Has.Property("Rail").EqualTo(Rail.ToolCall).And.Property("Verdict").EqualTo(RailVerdict.Block));
    }

    [Test]
    public async Task Ask_ACallThatCarriesTheInstructionsAndIsOnlyObserved_GoesOn()
    {
        var carried = new FunctionCallContent("c1", "send_email", new Dictionary<string, object?> { ["body"] = Secret });
        using var rig = new GuardrailRig(rules => rules.Observed(trial => trial.BlockPromptLeak()), Calls(carried));

        var (response, call) = await rig.AskAsync(streamed, Asked);

        Assert.That(CallsOf(response).Single(), Is.SameAs(carried));
        Assert.That(call.Steps.OfType<GuardrailStep>().Single(), Has.Property("Rail").EqualTo(Rail.ToolCall).And.Property("Observed").True);
    }

    [Test]
    public async Task Ask_ValuesThatAreNames_LeaveRedacted()
    {
        using var rig = new GuardrailRig(rules => rules.RedactPersonalData());
        var arguments = new Dictionary<string, object?>
        {
            [GuardrailRig.Mail] = 1,
            [GuardrailRig.OtherMail] = JsonSerializer.SerializeToElement(new Dictionary<string, object?> { [GuardrailRig.Mail] = new[] { 2 } }),
        };

        await rig.AskAsync(streamed, Earlier(new FunctionCallContent("c1", "send", arguments)));

        var sent = rig.Model.Requests.Single().Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Single();
        Assert.That(JsonSerializer.Serialize(sent.Arguments), Is.EqualTo("""{"[EMAIL]":1,"[EMAIL] 2":{"[EMAIL]":[2]}}"""));
        Assert.That(arguments.Keys, Does.Contain(GuardrailRig.Mail));
    }

    [Test]
    public async Task Ask_NamesInACall_AreRedactedOnItsRail()
    {
        using var rig = new GuardrailRig(rules => rules.RedactPersonalData(Rail.ToolCall), Calls(new FunctionCallContent("c1", "send", new Dictionary<string, object?> { [GuardrailRig.Mail] = true })));

        var (response, _) = await rig.AskAsync(streamed, "Send.");

        Assert.That(CallsOf(response).Single().Arguments!.Keys, Is.EqualTo(new[] { "[EMAIL]" }));
    }

    [Test]
    public async Task Ask_APlaceholderThatIsAName_HoldsTheValue()
    {
        var nested = JsonSerializer.SerializeToElement(new Dictionary<string, object?> { ["[EMAIL_1]"] = new[] { 1 } });
        using var rig = Reversible(_ => { }, new FunctionCallContent("c1", "send", new Dictionary<string, object?> { ["[EMAIL_1]"] = nested }));

        var (response, _) = await rig.AskAsync(streamed, $"I am {GuardrailRig.Mail}.");

        Assert.That(JsonSerializer.Serialize(CallsOf(response).Single().Arguments), Is.EqualTo($$$"""{"{{{GuardrailRig.Mail}}}":{"{{{GuardrailRig.Mail}}}":[1]}}"""));
    }

    [Test]
    public async Task Ask_APlaceholderThatSomebodyWroteBesideTheTexts_StandsForNobodysValue([Values] bool inInstructions)
    {
        using var rig = new GuardrailRig(rules => rules.RedactPersonalData(style: RedactionStyle.Placeholder), ScriptedAnswer.Text("[EMAIL_1] [EMAIL_2]"));
        var options = new ChatOptions { Instructions = inInstructions ? "Write to [EMAIL_1]." : "Write." };
        var earlier = Earlier(new FunctionCallContent("c1", "send", new Dictionary<string, object?> { ["to"] = JsonSerializer.SerializeToElement(new[] { inInstructions ? "me" : "[EMAIL_1]" }) }));

        var (response, _) = await rig.AskAsync(streamed, options, [.. earlier, new(ChatRole.User, $"I am {GuardrailRig.Mail}.")]);

        Assert.That(response.Text, Is.EqualTo($"[EMAIL_1] {GuardrailRig.Mail}"));
    }

    [TestCase("[^@]+@example\\.org", false)]
    [TestCase("\\[EMAIL_1\\]", true)]
    public async Task Ask_APlaceholderAsAnArgument_IsCheckedAsItsValue(string pattern, bool isBlocked)
    {
        using var rig = Reversible(tools => tools.Argument("send", "to", pattern), Send("[EMAIL_1]"));

        var (response, _) = await rig.AskAsync(streamed, $"I am {GuardrailRig.Mail}.");

        Assert.That(response.FinishReason, Is.EqualTo(isBlocked ? ChatFinishReason.ContentFilter : ChatFinishReason.ToolCalls));
    }

    [Test]
    public async Task Ask_APlaceholderAsAnArgument_IsApprovedAsItsValue()
    {
        object? asked = null;
        using var rig = Reversible(
            tools => tools.Approve((request, _) =>
            {
                asked = request.ToolCall.Arguments!["to"];
                return new(true);
            }),
            Send("[EMAIL_1]"));

        var (response, _) = await rig.AskAsync(streamed, $"I am {GuardrailRig.Mail}.");

        Assert.That(asked, Is.EqualTo(GuardrailRig.Mail));
        Assert.That(CallsOf(response).Single().Arguments!["to"], Is.EqualTo(GuardrailRig.Mail));
    }

    [Test]
    public async Task Ask_ACallThatWasChanged_IsStillWhatItWas()
    {
        using var rig = new GuardrailRig(rules => rules.RedactPersonalData(Rail.All), Calls(Informing()));

        var (response, _) = await rig.AskAsync(streamed, Earlier(Informing()));

        var sent = rig.Model.Requests.Single().Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Single();
        foreach (var call in new[] { sent, CallsOf(response).Single() })
        {
            Assert.That(call.Arguments!["to"], Is.EqualTo("[EMAIL]"));
            Assert.That(call.InformationalOnly, Is.True);
            Assert.That(call.Exception, Is.Not.Null);
            Assert.That(call.Annotations, Is.Not.Null);
            Assert.That(call.AdditionalProperties, Is.Not.Null);
            Assert.That(call.RawRepresentation, Is.Null);
        }
    }

    private static FunctionCallContent Informing() => new("c1", "send", new Dictionary<string, object?> { ["to"] = GuardrailRig.Mail })
    {
        InformationalOnly = true,
        Exception = new JsonException("cut"),
        Annotations = [new()],
        AdditionalProperties = new() { ["a"] = 1 },
        RawRepresentation = new object(),
    };

    private static FunctionCallContent Send(string to) => new("c1", "send", new Dictionary<string, object?> { ["to"] = to });

    private static ChatMessage[] Earlier(FunctionCallContent call) =>
        [new(ChatRole.User, "Send."), new(ChatRole.Assistant, [call]), new(ChatRole.Tool, [new FunctionResultContent("c1", "sent")])];

    private static ScriptedAnswer Calls(FunctionCallContent call) => ScriptedAnswer.Text("") with { Contents = [call], FinishReason = ChatFinishReason.ToolCalls };

    private static IEnumerable<FunctionCallContent> CallsOf(ChatResponse response) => response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>();

    private static GuardrailRig Reversible(Action<ToolRailOptions> limits, FunctionCallContent call) => new(
        rules =>
        {
            rules.RedactPersonalData(style: RedactionStyle.Placeholder).LimitTools(tools =>
            {
                tools.OnlyDeclared = false;
                limits(tools);
            });
        },
        Calls(call));
}
