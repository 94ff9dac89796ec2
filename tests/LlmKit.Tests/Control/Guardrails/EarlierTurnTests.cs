using System.Text.Json;
using LlmKit.Control.Guardrails;
using LlmKit.Testing;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Guardrails;

/// <summary>What was refused in an earlier turn: it blocks the conversation no more, and reaches no model later.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class EarlierTurnTests(bool streamed)
{
    private const string Rude = "You fool, take this.";

    private static readonly string Refusal = new GuardrailOptions().BlockedAnswer;

    [Test]
    public async Task Ask_ATurnAboutADeniedTopic_IsSentNoMore()
    {
        using var rig = new GuardrailRig(rules => rules.DenyTopic("medicine", 2, "dose", "ibuprofen").FlagTopic("shops", 1, "sell"));

        var (_, call) = await rig.AskAsync(
            streamed,
            new ChatMessage(ChatRole.User, "Which dose of Ibuprofen do you sell?"),
            new ChatMessage(ChatRole.Assistant, "I do not answer that."),
            new ChatMessage(ChatRole.User, "A dose of humour then?"));

        Assert.That(Sent(rig), Is.EqualTo(new[] { "[removed]", "I do not answer that.", "A dose of humour then?" }));
        Assert.That(call.Steps.OfType<GuardrailStep>(), Is.Empty, "what was looked at then is not told again");
    }

    [Test]
    public async Task Ask_ATurnThatAGuardRefused_IsSentNoMore([Values] bool beside, [Values] bool asTexts)
    {
        var seen = new List<string>();
        using var rig = Rig(Rail.Input, input => Remember(seen, input.Text) && IsRude(input), options => options.BesideModel = beside);
        var rude = new ChatMessage(ChatRole.User, [new TextContent(Rude), new DataContent(new byte[] { 1 }, "image/png")]) { AuthorName = "fool" };
        var (refused, _) = await rig.AskAsync(streamed, rude);
        var asked = rig.Model.Requests.Count;

        var (response, _) = await rig.AskAsync(streamed, [rude, .. Kept(refused, asTexts), new(ChatRole.User, "Then what?")]);

        Assert.That(refused.FinishReason, Is.EqualTo(ChatFinishReason.ContentFilter));
        Assert.That(response.Text, Is.EqualTo("Fine."));
        var sent = rig.Model.Requests[asked].Messages;
        Assert.That(sent.Select(message => message.Text), Is.EqualTo(new[] { "[removed][removed]", Refusal, "Then what?" }));
        Assert.That(sent[0].AuthorName, Is.Null);
        Assert.That(seen, Is.EqualTo(new[] { Rude, "Then what?" }));
        Assert.That(rude.Text, Is.EqualTo(Rude), "the caller's own message is left as it was");
    }

    [Test]
    public async Task Ask_TwoTurnsThatWereRefused_DoNotShareACachedAnswer()
    {
        using var rig = new GuardrailRig(
            rules => rules.AddGuard(Rail.Input, new DelegateGuard("own", (_, _) => new(GuardVerdict.Allow))), inside: builder => builder.UseSemanticCache());

        foreach (var text in new[] { Rude, "You clown." })
            await rig.AskAsync(streamed, new ChatMessage(ChatRole.User, text), new ChatMessage(ChatRole.Assistant, Refusal), new ChatMessage(ChatRole.User, "Then what?"));

        Assert.That(rig.Model.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Ask_ATurnWhoseAnswerWasRefused_IsStillSent([Values] bool fromAStore)
    {
        using var rig = Rig(Rail.Output, input => input.Text == "No, you.", answers: [ScriptedAnswer.Text("No, ", "you."), ScriptedAnswer.Text("Fine.")]);
        var question = new ChatMessage(ChatRole.User, "Hello?");
        var (refused, _) = await rig.AskAsync(streamed, question);

        await rig.AskAsync(streamed, [question, .. fromAStore ? Stored(refused) : refused.Messages, new(ChatRole.User, "Again?")]);

        Assert.That(refused.Text, Is.EqualTo(Refusal));
        Assert.That(Sent(rig), Is.EqualTo(new[] { "Hello?", Refusal, "Again?" }));
    }

    [Test]
    public async Task Ask_AToolResultThatAGuardRefused_IsSentNoMoreAndStillAnswersItsCall()
    {
        using var rig = Rig(Rail.ToolResult, IsRude);
        List<ChatMessage> messages = [new(ChatRole.User, "Read."), new(ChatRole.Assistant, [new FunctionCallContent("c1", "read")]), new(ChatRole.Tool, [new FunctionResultContent("c1", Rude)])];
        var (refused, _) = await rig.AskAsync(streamed, [.. messages]);

        await rig.AskAsync(streamed, [.. messages, .. refused.Messages, new(ChatRole.User, "Then what?")]);

        var sent = rig.Model.Requests.Single().Messages;
        Assert.That(sent[0].Text, Is.EqualTo("Read."));
        Assert.That(sent[2].Contents.OfType<FunctionResultContent>().Select(result => (result.CallId, result.Result)), Is.EqualTo(new[] { ("c1", (object?)"[removed]") }));
    }

    [Test]
    public async Task Ask_ATurnThatWasTooLong_DoesNotBlockTheConversation()
    {
        using var rig = new GuardrailRig(rules => rules.MostRequestLength = 60);
        var question = new ChatMessage(ChatRole.User, new string('a', 100));
        var (refused, _) = await rig.AskAsync(streamed, question);

        var (response, _) = await rig.AskAsync(streamed, [question, .. refused.Messages, new(ChatRole.User, "Short?")]);

        Assert.That((refused.FinishReason, response.Text), Is.EqualTo((ChatFinishReason.ContentFilter, "Fine.")));
    }

    [Test]
    public async Task Ask_WithWordsToGoOnFrom_IsStillLookedAt()
    {
        using var rig = Rig(Rail.Input, IsRude);

        var (response, _) = await rig.AskAsync(streamed, new ChatMessage(ChatRole.User, Rude), new ChatMessage(ChatRole.Assistant, "Of course, "));

        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.ContentFilter));
    }

    private static string[] Sent(GuardrailRig rig) => [.. rig.Model.Requests[^1].Messages.Select(message => message.Text)];

    private static bool IsRude(GuardInput input) => input.Text.Contains("fool", StringComparison.Ordinal);

    private static bool Remember(List<string> seen, string text)
    {
        seen.Add(text);
        return true;
    }

    private static IEnumerable<ChatMessage> Kept(ChatResponse response, bool asTexts) =>
        asTexts ? [new(ChatRole.Assistant, response.Text)] : response.Messages;

    private static ChatMessage[] Stored(ChatResponse response) =>
        JsonSerializer.Deserialize<ChatMessage[]>(JsonSerializer.Serialize(response.Messages, AIJsonUtilities.DefaultOptions), AIJsonUtilities.DefaultOptions)!;

    private static GuardrailRig Rig(Rail rail, Func<GuardInput, bool> blocks, Action<GuardOptions>? configure = null, ScriptedAnswer[]? answers = null) => new(
        rules => rules.AddGuard(rail, new DelegateGuard("own", (input, _) => new(blocks(input) ? GuardVerdict.Block() : GuardVerdict.Allow)), configure),
        answers ?? [ScriptedAnswer.Text("Fine.")]);
}
