using LlmKit.Testing;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Tracing;

/// <summary>Which conversation a span belongs to, and where its record is kept.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class TracingConversationTests(bool streamed)
{
    [TestCase("chat-7", null, "chat-7")]
    [TestCase("chat-7", "thread-1", "thread-1")]
    [TestCase(null, null, null, Description = "An id that was made up says nothing.")]
    public async Task Span_OfAnInteraction_NamesTheConversationAsTheApplicationDoes(string? named, string? providers, string? told)
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline();
        var options = traced.CallOptions;
        (options.Interaction, options.ConversationId) = (new(named), providers);

        await AskAsync(traced.Build(alone: false, ScriptedAnswer.Text("ok")), options);

        Assert.That(recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name).GetTagItem("gen_ai.conversation.id"), Is.EqualTo(told));
    }

    [Test]
    public async Task Span_OfACallThatIsRecorded_LeadsToItsRecord([Values] bool recorded)
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline { Outside = builder => _ = recorded ? builder.WithTraces() : builder };

        await AskAsync(traced.Build(alone: false, ScriptedAnswer.Text("ok")), traced.CallOptions);

        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
        Assert.That(span.GetTagItem("llmkit.trace.ref"), Is.EqualTo(recorded ? span.GetTagItem("llmkit.call.id") : null));
    }

    private Task<ChatResponse> AskAsync(IChatClient client, ChatOptions options) =>
        streamed ? client.GetStreamingResponseAsync("hello", options).ToChatResponseAsync() : client.GetResponseAsync("hello", options);
}
