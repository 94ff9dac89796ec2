using System.Diagnostics;
using System.Runtime.CompilerServices;
using LlmKit.Models;
using LlmKit.Observability.Replay;
using LlmKit.Observability.Tracing;
using LlmKit.Testing;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Tracing;

public class TracingChatClientTests
{
    [Test]
    public async Task Call_Answered_OneClientSpanSaysWhatWasAskedAndAnswered([Values] bool alone, [Values] bool streamed)
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline();

        await traced.AskAsync(traced.Build(alone, ScriptedAnswer.Text("hi ", "there")), streamed);

        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
        Assert.That(span.DisplayName, Is.EqualTo("chat " + traced.Name));
        Assert.That(span.Kind, Is.EqualTo(ActivityKind.Client));
        Assert.That(span.Status, Is.EqualTo(ActivityStatusCode.Unset));
        Assert.That(span.GetTagItem("gen_ai.operation.name"), Is.EqualTo("chat"));
        Assert.That(span.GetTagItem("gen_ai.provider.name"), Is.EqualTo("scripted"));
        Assert.That(span.GetTagItem("gen_ai.request.model"), Is.EqualTo(traced.Name));
        Assert.That(span.GetTagItem("server.address"), Is.EqualTo("scripted.example"));
        Assert.That(span.GetTagItem("server.port"), Is.EqualTo(443));
        Assert.That(span.GetTagItem("gen_ai.request.stream"), Is.EqualTo(streamed ? true : null));
        Assert.That(span.GetTagItem("gen_ai.response.model"), Is.EqualTo(traced.Name));
        Assert.That(span.GetTagItem("gen_ai.response.id"), Is.EqualTo("response-1"));
        Assert.That(span.GetTagItem("gen_ai.response.finish_reasons"), Is.EqualTo(new[] { "stop" }));
        Assert.That(span.GetTagItem("gen_ai.usage.input_tokens"), Is.EqualTo(10L));
        Assert.That(span.GetTagItem("gen_ai.usage.output_tokens"), Is.EqualTo(2L));
        Assert.That(span.GetTagItem(LlmKitDiagnostics.CallIdTag), Is.Not.Null);
        Assert.That(span.GetTagItem(LlmKitDiagnostics.TenantTag), Is.Null);
        Assert.That(span.GetTagItem(LlmKitDiagnostics.UserTag), Is.Null);
    }

    [Test]
    public async Task Call_Composed_SpanNamesPipelineModelAndCost([Values] bool streamed)
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline();

        await traced.AskAsync(traced.Build(alone: false, ScriptedAnswer.Text("hi ", "there")), streamed);

        var span = recorder.Chat(LlmKitDiagnostics.PipelineTag, traced.Name);
        Assert.That(span.GetTagItem(LlmKitDiagnostics.ModelTag), Is.EqualTo("small"));
        Assert.That(span.GetTagItem(LlmKitDiagnostics.AttemptsTag), Is.EqualTo(1));
        Assert.That(span.GetTagItem(LlmKitDiagnostics.CostTotalTag), Is.EqualTo(0.00003).Within(1e-12));
        Assert.That(span.GetTagItem(LlmKitDiagnostics.CostCurrencyTag), Is.EqualTo("USD"));
    }

    [Test]
    public async Task Call_RequestOptions_AreTagged()
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline();
        var options = traced.CallOptions;
        options.Temperature = 0.5f;
        options.TopP = 0.9f;
        options.TopK = 4;
        options.Seed = 7;
        options.MaxOutputTokens = 50;
        options.FrequencyPenalty = 0.25f;
        options.PresencePenalty = 0.75f;
        options.StopSequences = ["END", "\"quoted\""];
        options.ResponseFormat = ChatResponseFormat.Json;
        options.ConversationId = "c-1";

        await traced.Build(alone: true, ScriptedAnswer.Text("{}")).GetResponseAsync("hello", options);

        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
        Assert.That(span.GetTagItem("gen_ai.request.temperature"), Is.EqualTo(0.5));
        Assert.That((double)span.GetTagItem("gen_ai.request.top_p")!, Is.EqualTo(0.9).Within(1e-6));
        Assert.That(span.GetTagItem("gen_ai.request.top_k"), Is.EqualTo(4d));
        Assert.That(span.GetTagItem("gen_ai.request.seed"), Is.EqualTo(7L));
        Assert.That(span.GetTagItem("gen_ai.request.max_tokens"), Is.EqualTo(50));
        Assert.That(span.GetTagItem("gen_ai.request.frequency_penalty"), Is.EqualTo(0.25));
        Assert.That(span.GetTagItem("gen_ai.request.presence_penalty"), Is.EqualTo(0.75));
        Assert.That(span.GetTagItem("gen_ai.request.stop_sequences"), Is.EqualTo(new[] { "END", "\"quoted\"" }));
        Assert.That(span.GetTagItem("gen_ai.output.type"), Is.EqualTo("json"));
        Assert.That(span.GetTagItem("gen_ai.conversation.id"), Is.EqualTo("c-1"));
    }

    [Test]
    public async Task Call_LessUsualFacts_AreTagged([Values] SemanticConventions profile, [Values] bool alone, [Values] bool streamed)
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline { Options = options => options.Profile = profile };
#pragma warning disable MEAI001 // The names under test are as new as the properties.
        var usage = new UsageDetails { InputTokenCount = 9, OutputTokenCount = 6, OutputTextTokenCount = 4, AdditionalCounts = new() { ["OutputImageTokens"] = 2 } };
#pragma warning restore MEAI001
        var model = new TieredClient(traced.Script(ScriptedAnswer.Text("hi") with { Usage = usage }));
        var options = traced.CallOptions;
        options.ResponseFormat = ChatResponseFormat.Text;
        options.Interaction = new("chat-7");
        options.AdditionalProperties = new() { ["previous_response_id"] = "r-0" };

        if (streamed)
            await (alone ? traced.Alone(model) : traced.Composed(model)).GetStreamingResponseAsync("hello", options).ToChatResponseAsync();
        else
            await (alone ? traced.Alone(model) : traced.Composed(model)).GetResponseAsync("hello", options);

        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
        var isNext = profile == SemanticConventions.Next;
        Assert.That((span.GetTagItem("gen_ai.output.type"), span.GetTagItem("openai.response.service_tier")), Is.EqualTo(("text", "priority")));
        Assert.That(span.GetTagItem("gen_ai.request.previous_response.id"), Is.EqualTo(isNext ? "r-0" : null));
        Assert.That((span.GetTagItem("gen_ai.usage.text.output_tokens"), span.GetTagItem("gen_ai.usage.image.output_tokens")), Is.EqualTo(isNext ? (4L, 2L) : ((object?)null, (object?)null)));
        Assert.That((span.GetTagItem(LlmKitDiagnostics.InteractionIdTag), span.GetTagItem("gen_ai.conversation.id")), Is.EqualTo(("chat-7", "chat-7")));
    }

    [Test]
    public async Task Call_UsageNotReported_AttemptTellsAnEstimateAndItsCost([Values] bool streamed)
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline();

        await traced.AskAsync(traced.Build(alone: false, ScriptedAnswer.Text("hi") with { Usage = null }), streamed);

        var attempt = recorder.Children(recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name)).Single();
        Assert.That(attempt.GetTagItem(LlmKitDiagnostics.AttemptEstimatedTag), Is.EqualTo(true));
        Assert.That(attempt.GetTagItem(LlmKitDiagnostics.AttemptCostTag), Is.TypeOf<double>().And.GreaterThan(0));
    }

    [Test]
    public async Task Call_AttemptStillUnderWay_IsCountedAsPending([Values] bool streamed)
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline { Stages = builder => builder.Use(inner => new LeavingClient(inner)) };

        await traced.AskAsync(traced.Build(alone: false, ScriptedAnswer.Hangs(), ScriptedAnswer.Text("hi")), streamed);

        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
        Assert.That((span.GetTagItem(LlmKitDiagnostics.AttemptsTag), span.GetTagItem(LlmKitDiagnostics.PendingAttemptsTag)), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task Call_Sampled_SamplerSeesModelProviderAndServer()
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline();

        await traced.AskAsync(traced.Build(alone: true, ScriptedAnswer.Text("hi")), streamed: false);

        var seen = recorder.Sampled.Single(tags => tags.Contains(new("gen_ai.request.model", traced.Name)));
        Assert.That(seen.Select(tag => tag.Key), Is.EqualTo(new[]
        {
            "gen_ai.operation.name", "gen_ai.provider.name", "gen_ai.request.model", "server.address", "server.port",
        }));
    }

    [Test]
    public async Task Call_NoMetadata_SpanSaysChatAndUnknownProvider()
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline();

        await traced.Alone(new ReadyClient()).GetResponseAsync("hello", traced.CallOptions);

        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
        Assert.That(span.DisplayName, Is.EqualTo("chat"));
        Assert.That(span.GetTagItem("gen_ai.provider.name"), Is.EqualTo("unknown"));
        Assert.That(span.GetTagItem("gen_ai.request.model"), Is.Null);
    }

    [Test]
    public async Task Call_AnotherProviderAnswers_SpanNamesItAndNotTheAddressOfTheFirst([Values] bool streamed)
    {
        using var recorder = new TelemetryRecorder();
        var other = new ScriptedChatClient(static (_, _) => ScriptedAnswer.Text("hi"), time: null, modelId: "m", provider: "other");
        var traced = new TracedPipeline { Stages = builder => builder.AddModel("other", other).UseRouter(static router => router.Priority("other", "small")) };

        await traced.AskAsync(traced.Build(alone: false, ScriptedAnswer.Text("hi")), streamed);

        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
        Assert.That(span.GetTagItem("gen_ai.provider.name"), Is.EqualTo("other"));
        Assert.That(span.TagObjects.Select(tag => tag.Key), Has.None.StartsWith("server."));
    }

    [Test]
    public async Task Call_TenantAndUserAskedFor_AreOnSpansAndNeverOnMetrics()
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline { Options = options => (options.RecordTenant, options.RecordUser) = (true, true) };

        await traced.AskAsync(traced.Build(alone: false, ScriptedAnswer.Text("hi")), streamed: true);

        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
        Assert.That(span.GetTagItem(LlmKitDiagnostics.TenantTag), Is.EqualTo("acme"));
        Assert.That(span.GetTagItem(LlmKitDiagnostics.UserTag), Is.EqualTo("u42"));
        var values = recorder.All("gen_ai.request.model", traced.Name).SelectMany(measurement => measurement.Tags.Values);
        Assert.That(values, Has.None.EqualTo("acme").And.None.EqualTo("u42"));
    }

    [Test]
    public async Task Call_FromCache_HasNoUsageAndSaysHit([Values] bool alone, [Values] bool streamed)
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline { Stages = builder => builder.Use(inner => new CacheLikeClient(inner)) };
        var model = traced.Script(ScriptedAnswer.Text("hi"));

        await traced.AskAsync(alone ? traced.Alone(new CacheLikeClient(model)) : traced.Composed(model), streamed);

        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
        Assert.That(span.GetTagItem(LlmKitDiagnostics.CacheHitTag), Is.EqualTo(true));
        Assert.That(span.TagObjects.Select(tag => tag.Key), Has.None.StartsWith("gen_ai.usage."));
        Assert.That(recorder.Measurements("gen_ai.client.token.usage", "gen_ai.request.model", traced.Name), Is.Empty);
        Assert.That(recorder.Measurements("gen_ai.client.operation.duration", "gen_ai.request.model", traced.Name), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Call_FromARecording_SaysSoAndTellsNoUsageAndNoCost([Values] bool alone, [Values] bool streamed)
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline();
        using var cassette = Cassette.InMemory();
        cassette.Add(
            [new(ChatRole.User, "hello")],
            new() { ModelId = traced.Name, MaxOutputTokens = alone ? null : 4096 },
            new(new ChatMessage(ChatRole.Assistant, "hi")) { FinishReason = ChatFinishReason.Stop, Usage = new() { InputTokenCount = 10, OutputTokenCount = 2 } });
        var model = new CassetteChatClient(cassette, model: traced.Name);

        await traced.AskAsync(alone ? traced.Alone(model) : traced.Composed(model), streamed);

        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
        Assert.That(span.GetTagItem(LlmKitDiagnostics.ReplayTag), Is.EqualTo(true));
        Assert.That(Numbers(span), Is.Empty);
        Assert.That(recorder.Children(span).SelectMany(Numbers), Is.Empty);
        Assert.That(recorder.All(LlmKitDiagnostics.PipelineTag, traced.Name), Is.Empty);
        Assert.That(recorder.All("gen_ai.request.model", traced.Name).Select(measurement => measurement.Instrument), Is.All.Not.EqualTo("gen_ai.client.token.usage").And.Not.Empty);

        static IEnumerable<string> Numbers(Activity span) =>
            span.TagObjects.Select(tag => tag.Key).Where(name => name.Contains("usage", StringComparison.Ordinal) || name.Contains("tokens", StringComparison.Ordinal) || name.Contains("cost", StringComparison.Ordinal));
    }

    [Test]
    public async Task Call_UsageUnknown_NothingIsRecordedEvenWhereItIsEstimated([Values] bool alone, [Values] bool streamed)
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline();

        await traced.AskAsync(traced.Build(alone, ScriptedAnswer.Text("hi") with { Usage = null }), streamed);

        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
        Assert.That(span.TagObjects.Select(tag => tag.Key), Has.None.StartsWith("gen_ai.usage."));
        Assert.That(recorder.Measurements("gen_ai.client.token.usage", "gen_ai.request.model", traced.Name), Is.Empty);
    }

    [Test]
    public async Task Call_ModelWithoutPrice_CostIsAbsentNotZero()
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline { Price = null };

        await traced.AskAsync(traced.Build(alone: false, ScriptedAnswer.Text("hi")), streamed: false);

        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
        Assert.That(span.GetTagItem(LlmKitDiagnostics.CostTotalTag), Is.Null);
        Assert.That(span.GetTagItem(LlmKitDiagnostics.CostCurrencyTag), Is.Null);
        Assert.That(recorder.Measurements(LlmKitDiagnostics.CallCostMetric, LlmKitDiagnostics.PipelineTag, traced.Name), Is.Empty);
    }

    [Test]
    public async Task Call_TracerInsideTracer_OnlyTheOuterReports([Values] bool streamed)
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline();

        await traced.AskAsync(traced.Alone(traced.Alone(traced.Script(ScriptedAnswer.Text("hi")))), streamed);

        Assert.That(recorder.Chats(LlmKitDiagnostics.FeatureTag, traced.Name), Has.Length.EqualTo(1));
        Assert.That(recorder.Measurements("gen_ai.client.token.usage", "gen_ai.request.model", traced.Name), Has.Length.EqualTo(2));
    }

    [Test]
    public async Task Call_JoinedByAnotherPipeline_HasOneSpanWithAllAttempts([Values] bool streamed)
    {
        using var recorder = new TelemetryRecorder();
        var inner = new TracedPipeline();
        var outer = new TracedPipeline { Stages = builder => builder.Use(_ => inner.Build(alone: false, ScriptedAnswer.Text("hi"))) };

        await outer.AskAsync(outer.Build(alone: false, ScriptedAnswer.Text("never asked")), streamed);

        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, outer.Name);
        Assert.That(span.GetTagItem(LlmKitDiagnostics.PipelineTag), Is.EqualTo(outer.Name));
        Assert.That(recorder.Children(span).Select(child => child.DisplayName), Is.EqualTo(new[] { "attempt small" }));
        Assert.That(recorder.Chats(LlmKitDiagnostics.PipelineTag, inner.Name), Is.Empty);
    }

    [Test]
    public void GetService_ActivitySource_IsOurs([Values] bool alone)
    {
        var traced = new TracedPipeline();
        using var client = traced.Build(alone, ScriptedAnswer.Text("hi"));

        Assert.That(client.GetService<ActivitySource>(), Is.SameAs(LlmKitDiagnostics.ActivitySource));
        Assert.That(client.GetService<ActivitySource>("key"), Is.Null);
        Assert.That(client.GetService<TracingChatClient>(), Is.Not.Null);
        Assert.That(client.GetService<ChatClientMetadata>()!.DefaultModelId, Is.EqualTo(traced.Name));
    }

    [Test]
    public async Task Factory_ForOtherBuilders_TracesAlone()
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline();
        using var client = LlmStages.Tracing()(traced.Script(ScriptedAnswer.Text("hi")), new NoServices());

        await traced.AskAsync(client, streamed: true);

        Assert.That(recorder.Chats(LlmKitDiagnostics.FeatureTag, traced.Name), Has.Length.EqualTo(1));
    }

    /// <summary>Says of every answer which tier served it.</summary>
    private sealed class TieredClient(IChatClient inner) : DelegatingChatClient(inner)
    {
        public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            var response = await base.GetResponseAsync(messages, options, cancellationToken);
            (response.AdditionalProperties ??= [])["ServiceTier"] = "priority";
            return response;
        }

        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
            {
                (update.AdditionalProperties ??= [])["ServiceTier"] = "priority";
                yield return update;
            }
        }
    }

    /// <summary>Asks twice, and waits for the second answer alone.</summary>
    private sealed class LeavingClient(IChatClient inner) : DelegatingChatClient(inner)
    {
        public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            _ = base.GetResponseAsync(messages, options, cancellationToken);
            return base.GetResponseAsync(messages, options, cancellationToken);
        }

        public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            _ = base.GetResponseAsync(messages, options, cancellationToken);
            return base.GetStreamingResponseAsync(messages, options, cancellationToken);
        }
    }

    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
