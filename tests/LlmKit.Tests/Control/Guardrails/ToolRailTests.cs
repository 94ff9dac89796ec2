using System.Text.Json;
using LlmKit.Control.Guardrails;
using LlmKit.Testing;
using LlmKit.Text;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Guardrails;

[TestFixture(false)]
[TestFixture(true)]
public sealed class ToolRailTests(bool streamed)
{
    private static readonly AIFunction Pay = AIFunctionFactory.Create((string account, int amount) => $"{account} {amount}", "pay");
    private static readonly AIFunction Read = AIFunctionFactory.Create((string page) => page, "read");

    private readonly ChatOptions _options = new() { Tools = [Pay, Read] };

    [Test]
    public async Task Ask_ACallThatFits_GoesOnAsItIs()
    {
        var call = Call("pay", ("account", "a1"), ("amount", 3));

        var (shown, response) = await AskAsync(_ => { }, call);

        Assert.That(shown.Single(), Is.SameAs(call));
        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.ToolCalls));
    }

    private static IEnumerable<TestCaseData> Broken()
    {
        yield return Case("denied", tools => tools.Denied = ["pay"], Call("pay", ("account", "a1"), ("amount", 3)), "tool-denied");
        yield return Case("not among the allowed", tools => tools.Allowed = ["read"], Call("pay", ("account", "a1"), ("amount", 3)), "tool-denied");
        yield return Case("made up", _ => { }, Call("delete_all"), "tool-undeclared");
        yield return Case("of a wrong type", _ => { }, Call("pay", ("account", "a1"), ("amount", "much")), "tool-arguments");
        yield return Case("without what is required", _ => { }, Call("pay", ("amount", 3)), "tool-arguments");
        yield return Case("of half an argument", _ => { }, new FunctionCallContent("c1", "read") { Exception = new JsonException("cut") }, "tool-arguments");
        yield return Case("against a schema", tools => tools.Schema("pay", JsonSerializer.SerializeToElement(new { properties = new { amount = new { maximum = 100 } } })), Call("pay", ("account", "a1"), ("amount", 101)), "tool-arguments");
        yield return Case("against a pattern", tools => tools.Argument("read", "page", "[a-z]+"), Call("read", ("page", "a/../b")), "tool-arguments");
        yield return Case("not approved", tools => tools.Approve((_, _) => new(false)), Call("read", ("page", "a")), "tool-approval");
        yield return Case("of an approval that fails", tools => tools.Approve((_, _) => throw new IOException("down")), Call("read", ("page", "a")), "tool-approval");
    }

    [TestCaseSource(nameof(Broken))]
    public async Task Ask_ACallThatBreaksARule_BlocksTheAnswer(Action<ToolRailOptions> limits, FunctionCallContent call, string rule)
    {
        var (shown, response) = await AskAsync(limits, call);

        Assert.That(shown, Is.Empty);
        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.ContentFilter));
        Assert.That(response.Text, Does.EndWith(new GuardrailOptions().BlockedAnswer));
        Assert.That(response.AdditionalProperties?["llmkit.guardrail"], Is.EqualTo($"tool_call/{rule}"));
    }

    [TestCaseSource(nameof(Broken))]
    public async Task Ask_ACallThatBreaksARuleAndIsOnlyRemoved_ShowsTheRest(Action<ToolRailOptions> limits, FunctionCallContent call, string rule)
    {
        var good = Call("read", ("page", "b"));
        var (shown, response) = await AskAsync(
            tools =>
            {
                limits(tools);
                tools.WhenViolated = ToolViolation.Remove;
                tools.Approve((request, _) => new(rule != "tool-approval" || ReferenceEquals(request.ToolCall, good)));
            },
            call,
            good);

        Assert.That(shown.Single(), Is.SameAs(good));
        Assert.That(response.Text, Is.EqualTo("One moment."));
    }

    [Test]
    public async Task Ask_MoreCallsThanATurnMayHave_AreBlocked()
    {
        using var rig = Rig(tools => tools.MostCalls = 2, Call("read", ("page", "c")));
        ChatMessage[] messages =
        [
            new(ChatRole.User, "Read."),
            new(ChatRole.Assistant, [Call("read", ("page", "a")), Call("read", ("page", "b"))]),
            new(ChatRole.Tool, [new FunctionResultContent("c1", "A"), new FunctionResultContent("c1", "B")]),
        ];

        var (third, _) = await rig.AskAsync(streamed, _options, messages);
        var (fresh, _) = await rig.AskAsync(streamed, _options, [.. messages, new(ChatRole.User, "And now?")]);

        Assert.That(third.FinishReason, Is.EqualTo(ChatFinishReason.ContentFilter));
        Assert.That(fresh.FinishReason, Is.EqualTo(ChatFinishReason.ToolCalls));
    }

    [Test]
    public async Task Ask_DetectorsOnTheToolRail_RedactArgumentsHoweverDeep()
    {
        var deep = JsonSerializer.SerializeToElement(new { mails = new[] { GuardrailRig.Mail } });
        using var rig = new GuardrailRig(
            rules => rules.RedactPersonalData(Rail.ToolCall), ScriptedAnswer.Text("One moment.") with { Contents = [Call("read", ("page", GuardrailRig.Mail), ("more", deep))], FinishReason = ChatFinishReason.ToolCalls });

        var (response, _) = await rig.AskAsync(streamed, _options, new ChatMessage(ChatRole.User, "Read."));

        var call = response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Single();
        Assert.That(call.Arguments!["page"], Is.EqualTo("[EMAIL]"));
        Assert.That(call.Arguments["more"]!.ToString(), Does.Not.Contain("example"));
    }

    [Test]
    public async Task Ask_DetectorsThatBlockOnTheToolRail_StopTheAnswer()
    {
        using var rig = new GuardrailRig(
            rules => rules.Block(Rail.ToolCall, TextDetectors.Secrets), ScriptedAnswer.Text("") with { Contents = [Call("read", ("page", LlmKit.Tests.Text.SecretSamples.GitHub))], FinishReason = ChatFinishReason.ToolCalls });

        var (response, call) = await rig.AskAsync(streamed, _options, new ChatMessage(ChatRole.User, "Read."));

        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.ContentFilter));
        Assert.That(call.Steps.OfType<GuardrailStep>().Single(), Has.Property("Rail").EqualTo(Rail.ToolCall).And.Property("Verdict").EqualTo(RailVerdict.Block));
    }

    [Test]
    public async Task Ask_AGuardOnTheToolRail_SeesNameAndArguments()
    {
        var seen = "";
        using var rig = new GuardrailRig(
            rules => rules.AddGuard(Rail.ToolCall, new DelegateGuard("seeing", (input, _) =>
            {
                seen = input.Text;
                return new(GuardVerdict.Block("no"));
            })),
            ScriptedAnswer.Text("") with { Contents = [Call("read", ("page", "home"))], FinishReason = ChatFinishReason.ToolCalls });

        var (response, _) = await rig.AskAsync(streamed, _options, new ChatMessage(ChatRole.User, "Read."));

        Assert.That(seen, Is.EqualTo("read {\"page\":\"home\"}"));
        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.ContentFilter));
    }

    private async Task<(List<FunctionCallContent> Shown, ChatResponse Response)> AskAsync(Action<ToolRailOptions> limits, params FunctionCallContent[] calls)
    {
        using var rig = Rig(limits, calls);
        var (response, _) = await rig.AskAsync(streamed, _options, new ChatMessage(ChatRole.User, "Do it."));
        return ([.. response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>()], response);
    }

    private static GuardrailRig Rig(Action<ToolRailOptions> limits, params FunctionCallContent[] calls) => new(
        rules => rules.LimitTools(limits), ScriptedAnswer.Text("One moment.") with { Contents = calls, FinishReason = ChatFinishReason.ToolCalls });

    private static FunctionCallContent Call(string name, params (string Name, object Value)[] arguments) =>
        new("c1", name, arguments.ToDictionary(argument => argument.Name, argument => (object?)argument.Value));

    private static TestCaseData Case(string name, Action<ToolRailOptions> limits, FunctionCallContent call, string rule) =>
        new TestCaseData(limits, call, rule).SetArgDisplayNames(name);
}
