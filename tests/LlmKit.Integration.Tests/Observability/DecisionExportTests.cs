using System.Net;
using System.Text.RegularExpressions;
using LlmKit.Integration.Tests.Observability.Otlp;
using LlmKit.Testing;
using LlmKit.Text;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Integration.Tests.Observability;

/// <summary>One pipeline with all that decides in it: each decision arrives at a collector, with its reason.</summary>
[NonParallelizable]
public sealed partial class DecisionExportTests
{
    private const string Json = "{\"city\":\"Paris\"}";
    private const string Rail = "llmkit.guardrails.rail";
    private const string Reason = "llmkit.reason";
    private const string Purpose = "llmkit.purpose";

    [Test]
    public async Task Calls_OfAllKinds_EachDecisionArrivesWithItsReason([Values] bool streamed)
    {
        await using var exported = await Exported.StartAsync(static _ => { }, new ScriptedChatClient((number, _) => number == 0 ? ScriptedAnswer.Throws(Unavailable()) : ScriptedAnswer.Text(number == 1 ? "Paris" : Json)), Compose);

        await exported.AskAsync("Where does ann@example.org live?", streamed);
        await exported.AskAsync("Which city?", streamed);
        await exported.AskAsync("Which city?", streamed);
        await exported.AskAsync("Which city?", streamed, new() { Cache = LlmCacheDirectives.Bypass });

        var chats = exported.Chats();
        var (first, miss, hit, bypass) = (chats[0], chats[1], chats[2], chats[3]);
        Assert.That(Events(first), Is.SupersetOf(new[] { "llmkit.guardrails.redacted", "llmkit.cache.miss", "llmkit.router.chosen", "llmkit.resilience.retry", "llmkit.guardrails.rewritten", "llmkit.guardrails.flagged" }));
        Assert.That(Event(first, "llmkit.guardrails.redacted").Attributes, Does.Contain(new KeyValuePair<string, object?>(Reason, "email")).And.ContainKey(Rail));
        Assert.That(Event(first, "llmkit.guardrails.rewritten").Attributes[Reason], Is.EqualTo("format"));
        Assert.That(Event(first, "llmkit.guardrails.flagged").Attributes[Reason], Is.EqualTo("harm"));
        Assert.That(Event(first, "llmkit.router.chosen").Attributes[Reason], Is.Not.Null);
        Assert.That(Event(first, "llmkit.resilience.retry").Attributes[Reason], Is.Not.Null);
        Assert.That(
            exported.Children(first).Where(child => child.Name.StartsWith("attempt", StringComparison.Ordinal)).Select(child => (child.Name, child.Attributes.GetValueOrDefault(Purpose), child.Status)),
            Is.EquivalentTo(new (string, object?, int)[] { ("attempt small", null, 2), ("attempt small", null, 0), ("attempt small", "repair", 0), ("attempt judge", "judge", 0) }));
        // The repair looks for documents too.
        Assert.That(exported.Children(first).Where(child => child.Name == "retrieval handbook").Select(child => child.Attributes["llmkit.retrieval.document.count"]), Is.EqualTo(new object[] { 1L, 1L }));
        Assert.That(Event(miss, "llmkit.cache.miss").Attributes[Reason], Is.Not.Null);
        Assert.That(Event(hit, "llmkit.cache.hit").Attributes[Reason], Is.Not.Null);
        Assert.That(exported.Children(hit).Select(child => child.Name), Has.None.EqualTo("attempt small"));
        Assert.That(Event(bypass, "llmkit.cache.bypass").Attributes[Reason], Is.Not.Null);
    }

    private static void Compose(LlmPipelineBuilder builder) => builder
        .AddModel("judge", new ScriptedChatClient(static (_, request) => ScriptedAnswer.Text($$"""{"mark": "{{Mark().Match(request.Text).Groups[1].Value}}", "score": 0.5}""")), static options => options.Price = new(1m, 1m))
        .UseGuardrails(static rules =>
        {
            rules.Redact(LlmKit.Rail.Input, TextDetectors.Email);
            rules.RequireFormat(AnswerFormats.AnyJson);
            rules.AddGuard(LlmKit.Rail.Output, new LlmJudge("harm", "judge", "does harm"));
        })
        .UseSemanticCache()
        .Use(static inner => new RetrievingChatClient(inner))
        .UseRouter(static router => router.Priority("small", "judge"))
        .UseResilience(static options => options.BaseDelay = TimeSpan.FromMilliseconds(1));

    private static HttpRequestException Unavailable() => new("busy", inner: null, HttpStatusCode.ServiceUnavailable);

    private static IEnumerable<string> Events(OtlpSpan span) => span.Events.Select(told => told.Name);

    private static OtlpEvent Event(OtlpSpan span, string name) => span.Events.Single(told => told.Name == name);

    [GeneratedRegex("\"mark\": \"([^\"]+)\"")]
    private static partial Regex Mark();

    /// <summary>A stage that finds a document for each request, plain and streamed.</summary>
    private sealed class RetrievingChatClient(IChatClient inner) : DelegatingChatClient(inner)
    {
        public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            Retrieve();
            return base.GetResponseAsync(messages, options, cancellationToken);
        }

        public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            Retrieve();
            return base.GetStreamingResponseAsync(messages, options, cancellationToken);
        }

        private static void Retrieve()
        {
            using var retrieval = LlmTrace.BeginRetrieval("handbook", "where", topK: 1);
            retrieval.SetDocuments([new("d1", 0.5)]);
        }
    }
}
