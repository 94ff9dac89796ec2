using LlmKit.Calls;
using LlmKit.Control.Guardrails;
using LlmKit.Testing;
using LlmKit.Tests.Text;
using LlmKit.Text;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Guardrails;

/// <summary>Errors that a provider tells in an answer: they may echo what was asked.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class ErrorContentTests(bool streamed)
{
    [Test]
    public async Task Ask_AnErrorThatEchoesASecret_IsRedacted()
    {
        var (response, error, call) = await AskAsync(rules => rules.RedactPersonalData().RedactSecrets(), new($"No such key {SecretSamples.GitHub}.") { ErrorCode = "401", Details = $"of {GuardrailRig.Mail}" });

        Assert.That((error!.Message, error.Details, error.ErrorCode), Is.EqualTo(("No such key [SECRET].", "of [EMAIL]", "401")));
        Assert.That(response.Text, Is.EqualTo("One moment."));
        Assert.That(call.Marks.HasFlag(AnswerMarks.Rewritten));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Ask_AnErrorThatEchoesWhatBlocks_IsNotShown(bool inDetails)
    {
        var said = $"No such key {SecretSamples.GitHub}.";
        var (response, error, call) = await AskAsync(rules => rules.Block(Rail.Output, TextDetectors.Secrets), inDetails ? new("Wrong.") { Details = said } : new(said));

        Assert.That(error, Is.Null);
        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.ContentFilter));
        Assert.That(call.Steps.OfType<GuardrailStep>().Single().Verdict, Is.EqualTo(RailVerdict.Block));
    }

    [Test]
    public async Task Ask_AnErrorThatIsFlagged_IsShownAsItIs()
    {
        var said = new ErrorContent($"Who is {GuardrailRig.Mail}?");
        var (_, error, call) = await AskAsync(rules => rules.Flag(Rail.Output, TextDetectors.Email), said);

        Assert.That(error, Is.SameAs(said));
        Assert.That(call.Steps.OfType<GuardrailStep>().Single().Verdict, Is.EqualTo(RailVerdict.Flag));
    }

    [Test]
    public async Task Ask_AnErrorThatNamesAPlaceholder_HoldsTheRequestsOwnValue()
    {
        var (_, error, _) = await AskAsync(rules => rules.RedactPersonalData(style: RedactionStyle.Placeholder), new("Who is [EMAIL_1]?"));

        Assert.That(error!.Message, Is.EqualTo($"Who is {GuardrailRig.Mail}?"));
    }

    private async Task<(ChatResponse Response, ErrorContent? Error, LlmCall Call)> AskAsync(Action<GuardrailOptions> rules, ErrorContent error)
    {
        using var rig = new GuardrailRig(rules, ScriptedAnswer.Text("One ", "moment.") with { Contents = [error] });
        var (response, call) = await rig.AskAsync(streamed, $"I am {GuardrailRig.Mail}.");
        return (response, response.Messages.SelectMany(message => message.Contents).OfType<ErrorContent>().SingleOrDefault(), call);
    }
}
