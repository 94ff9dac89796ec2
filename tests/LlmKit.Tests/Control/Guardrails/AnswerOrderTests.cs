using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Guardrails;

/// <summary>What is held back of a stream comes where it stood: in its message, before its usage, and at its sources.</summary>
public sealed class AnswerOrderTests
{
    [Test]
    public async Task Stream_OfTwoMessages_LetsWhatIsHeldOutInItsOwn()
    {
        using var host = Host(new(ChatRole.Assistant, "Write to ann") { MessageId = "1" }, new(ChatRole.Assistant, "Hello there.") { MessageId = "2", FinishReason = ChatFinishReason.Stop });

        var response = await host.Chat.GetStreamingResponseAsync("Hi").ToChatResponseAsync();

        Assert.That(response.Messages.Select(message => message.Text), Is.EqualTo(new[] { "Write to ann", "Hello there." }));
    }

    [Test]
    public async Task Stream_WithoutAFinishReason_ShowsAllTextBeforeItsUsage()
    {
        using var host = Host(new(ChatRole.Assistant, "Write to ann"), new(ChatRole.Assistant, [new UsageContent(new() { OutputTokenCount = 3 })]));

        var contents = await host.Chat.GetStreamingResponseAsync("Hi").SelectMany(update => update.Contents.ToAsyncEnumerable()).ToListAsync();

        Assert.That(contents.Select(content => content.GetType()), Is.EqualTo(new[] { typeof(TextContent), typeof(TextContent), typeof(UsageContent) }));
    }

    [Test]
    public async Task Ask_ASourceThatHoldsAMatch_IsCitedWithoutIt([Values] bool streamed)
    {
        var citation = new CitationAnnotation { Title = "Staff", Snippet = $"Ask {GuardrailRig.Mail} first", Url = new($"https://example.org/?of={GuardrailRig.Mail}"), AnnotatedRegions = [new TextSpanAnnotatedRegion { StartIndex = 0, EndIndex = 4 }] };
        using var host = Host(new ChatResponseUpdate(ChatRole.Assistant, [new TextContent("See the list.") { Annotations = [citation] }]) { FinishReason = ChatFinishReason.Stop });

        var (response, _) = await host.Chat.AskAsync(streamed);

        var cited = response.Messages.SelectMany(message => message.Contents).SelectMany(content => content.Annotations ?? []).OfType<CitationAnnotation>().Single();
        Assert.That((response.Text, cited.Title, cited.Snippet, cited.Url, cited.AnnotatedRegions?.Count), Is.EqualTo(("See the list.", "Staff", "Ask [EMAIL] first", (Uri?)null, (int?)1)));
    }

    [Test]
    public async Task Ask_ASourceOfATextThatWasChanged_SaysNotWhereItStands([Values] bool streamed)
    {
        var citation = new CitationAnnotation { Title = "Staff", AnnotatedRegions = [new TextSpanAnnotatedRegion { StartIndex = 20, EndIndex = 25 }] };
        using var host = Host(new ChatResponseUpdate(ChatRole.Assistant, [new TextContent($"Ask {GuardrailRig.Mail} first, now.") { Annotations = [citation] }]) { FinishReason = ChatFinishReason.Stop });

        var (response, _) = await host.Chat.AskAsync(streamed);

        var cited = response.Messages.SelectMany(message => message.Contents).SelectMany(content => content.Annotations ?? []).OfType<CitationAnnotation>().ToList();
        Assert.That(response.Text, Is.EqualTo("Ask [EMAIL] first, now."));
        Assert.That(cited, Has.Count.EqualTo(1).And.All.Property("Title").EqualTo("Staff").And.All.Property("AnnotatedRegions").Null);
    }

    private static PipelineHost Host(params ChatResponseUpdate[] updates) =>
        PipelineHost.For(new UpdatesChatClient(updates), builder => builder.UseGuardrails(rules => rules.RedactPersonalData()), facts => facts.RequireFinishReason = false);
}
