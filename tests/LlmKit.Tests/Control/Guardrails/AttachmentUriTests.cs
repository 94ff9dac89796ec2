using LlmKit.Calls;
using LlmKit.Control.Guardrails;
using LlmKit.Text;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Guardrails;

/// <summary>Addresses of attachments: they cannot be redacted, for they would lead nowhere.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class AttachmentUriTests(bool streamed)
{
    private const string Password = "correct" + "-horse-9";
    private const string Signature = "k3J9xQ2vT7mB4nZ8" + "cL5rW1yH6pD0fG";
    private const string KeyName = "IQ4ZT7MK" + "2WXR5VNB";

    [TestCase($"https://ann:{Password}@files.example.com/plan.png", "url-password")]
    [TestCase("https://files.example.com/plan.png?for=ann@example.org", "email")]
    [TestCase("https://files.example.com/plan.png?for=ann%40example.org", "email")]
    [TestCase("https://files.example.com/ann%40example.org/plan.png", "email")]
    [TestCase("https://files.example.com/plan.png#ann@example.org", "email")]
    [TestCase("https://files.example.com/plan.png?Signature=ann@example.org", "email")]
    [TestCase("https://files.example.com/plan.png?for=ann@example.org&se=2030&sig=" + Signature, "email")]
    public async Task Ask_AnAddressWithWhatWouldBeRedacted_IsBlocked(string address, string rule)
    {
        var (response, call, sent) = await AskAsync(rules => rules.RedactPersonalData().RedactSecrets(), address);

        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.ContentFilter));
        Assert.That(sent, Is.Null);
        var step = call.Steps.OfType<GuardrailStep>().Single();
        Assert.That((step.Rail, step.Verdict, step.Rule, step.Detail), Is.EqualTo((Rail.Input, RailVerdict.Block, rule, "attachment-uri")));
    }

    [TestCase("https://files.example.com/plan.png?size=large&page=2")]
    [TestCase("https://192.168.7.20:8443/plan.png")]
    [TestCase("https://files.example.com/plan.png?sv=2024-05-04&se=2030-01-01T00%3A00%3A00Z&sr=b&sp=r&sig=" + Signature + "%3D")]
    [TestCase("https://files.example.com/plan.png?X-Amz-Credential=AKIA" + KeyName + "%2F20300101%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Expires=900&X-Amz-Signature=" + Signature)]
    [TestCase("https://files.example.com/plan.png?GoogleAccessId=loader%40example.iam.gserviceaccount.com&Expires=1900000000&Signature=" + Signature)]
    [TestCase("https://files.example.com")]
    public async Task Ask_AnAddressWithoutIt_GoesOnAsItIs(string address)
    {
        var (response, call, sent) = await AskAsync(rules => rules.RedactPersonalData().RedactSecrets(), address);

        Assert.That(response.Text, Is.EqualTo("Fine."));
        Assert.That(((UriContent)sent!).Uri.OriginalString, Is.EqualTo(address));
        Assert.That(call.Steps.OfType<GuardrailStep>(), Is.Empty);
    }

    [Test]
    public async Task Ask_AnAddressThatIsFlagged_GoesOnAndBindsTheCall()
    {
        var (response, call, sent) = await AskAsync(rules => rules.Flag(Rail.Input, TextDetectors.Email), "https://files.example.com/plan.png?for=ann%40example.org");

        Assert.That(response.Text, Is.EqualTo("Fine."));
        Assert.That(sent, Is.InstanceOf<UriContent>());
        Assert.That(call.Steps.OfType<GuardrailStep>().Single().Verdict, Is.EqualTo(RailVerdict.Flag));
        Assert.That(call.GetFact("llmkit.rails.found"), Is.EqualTo(new[] { "EMAIL" }));
    }

    [Test]
    public async Task Ask_AnAddressOfAnEarlierTurn_IsSentNoMore()
    {
        var (response, _, sent) = await AskAsync(
            rules => rules.RedactPersonalData(), "https://files.example.com/plan.png?for=ann@example.org", new(ChatRole.Assistant, "I cannot."), new(ChatRole.User, "Then what?"));

        Assert.That(response.Text, Is.EqualTo("Fine."));
        Assert.That(sent, Is.InstanceOf<TextContent>().With.Property("Text").EqualTo("[removed]"));
    }

    [Test]
    public async Task Ask_AnAddressOnARailWithoutRules_GoesOnAsItIs()
    {
        var (response, _, _) = await AskAsync(rules => rules.RedactPersonalData(Rail.Output), "https://files.example.com/plan.png?for=ann@example.org");

        Assert.That(response.Text, Is.EqualTo("Fine."));
    }

    private async Task<(ChatResponse Response, LlmCall Call, AIContent? Sent)> AskAsync(Action<GuardrailOptions> rules, string address, params ChatMessage[] more)
    {
        using var rig = new GuardrailRig(rules);
        var (response, call) = await rig.AskAsync(streamed, [new ChatMessage(ChatRole.User, [new TextContent("Look."), new UriContent(address, "image/png")]), .. more]);
        return (response, call, rig.Model.Requests.SingleOrDefault()?.Messages[0].Contents[1]);
    }
}
