using System.Diagnostics;
using LlmKit.Observability.Tracing;
using LlmKit.Testing;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Tracing;

public class TracingProfileTests
{
    [TestCase("gen_ai_latest_experimental", SemanticConventions.Next)]
    [TestCase("http/dup, GEN_AI_latest_experimental", SemanticConventions.Next)]
    [TestCase("http/dup,database", SemanticConventions.Version141)]
    [TestCase("not_gen_ai_latest_experimental", SemanticConventions.Version141)]
    [TestCase(null, SemanticConventions.Version141)]
    public void Read_OptIn_IsAListOfWholeWords(string? value, SemanticConventions profile) => Assert.That(ProfileSwitch.Read(value), Is.EqualTo(profile));

    [Test]
    public void Call_NextProfileFails_SaysErrorForItsReasonAndCountsNothingUsed([Values] bool alone, [Values] bool streamed)
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline { Options = options => options.Profile = SemanticConventions.Next };

        Assert.That(() => traced.AskAsync(traced.Build(alone, ScriptedAnswer.Throws(new InvalidOperationException())), streamed), Throws.InvalidOperationException);

        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
        Assert.That(span.GetTagItem("gen_ai.response.finish_reasons"), Is.EqualTo(new[] { "error" }));
        var counted = recorder.Measurements("gen_ai.client.inference.usage.input_tokens", "gen_ai.request.model", traced.Name).Single();
        Assert.That((counted.Value, counted.Tags["gen_ai.token.modality"]), Is.EqualTo((0d, "unknown")));
        Assert.That(recorder.All("gen_ai.request.model", traced.Name).Select(measurement => measurement.Instrument), Has.None.StartsWith("gen_ai.client.operation."));
    }

    [Test]
    public async Task Call_AnswerWithoutReason_SaysErrorUnderNextAlone([Values] SemanticConventions profile, [Values] bool streamed)
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline { Options = options => options.Profile = profile };

        await traced.AskAsync(traced.Build(alone: true, ScriptedAnswer.Text("hi") with { FinishReason = null }), streamed);

        Assert.That(recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name).GetTagItem("gen_ai.response.finish_reasons"), profile == SemanticConventions.Next ? Is.EqualTo(new[] { "error" }) : Is.Null);
    }

    [Test]
    public async Task Call_NextProfile_TellsModalitiesEffortAndNoReasonInMessages()
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline { Options = options => (options.Profile, options.CaptureContent) = (SemanticConventions.Next, true) };
#pragma warning disable MEAI001 // The names under test are as new as the properties.
        var answer = ScriptedAnswer.Text("hi") with { Usage = new() { InputTokenCount = 9, OutputTokenCount = 1, InputAudioTokenCount = 7, InputTextTokenCount = 2, AdditionalCounts = new() { ["InputImageTokens"] = 5, ["OutputAudioTokens"] = 3 } } };
#pragma warning restore MEAI001
        var options = traced.CallOptions;
        options.Reasoning = new() { Effort = ReasoningEffort.High };
        options.WithCompactedConversation();

        await traced.Build(alone: true, answer).GetResponseAsync("hello", options);

        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
        Assert.That(span.GetTagItem("gen_ai.usage.audio.input_tokens"), Is.EqualTo(7L));
        Assert.That(span.GetTagItem("gen_ai.usage.text.input_tokens"), Is.EqualTo(2L));
        Assert.That((span.GetTagItem("gen_ai.usage.image.input_tokens"), span.GetTagItem("gen_ai.usage.audio.output_tokens")), Is.EqualTo((5L, 3L)));
        Assert.That(span.GetTagItem("gen_ai.conversation.compacted"), Is.EqualTo(true));
        Assert.That(span.GetTagItem("gen_ai.request.reasoning.level"), Is.EqualTo("high"));
        Assert.That(span.GetTagItem("gen_ai.output.messages"), Is.EqualTo("""[{"role":"assistant","parts":[{"type":"text","content":"hi"}]}]"""));
    }

    [Test]
    public async Task Call_StoreOnly_TellsCostAndNothingOfTheConventions([Values] bool streamed)
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline { Options = options => options.SpanMode = SpanMode.StoreOnly };

        await traced.AskAsync(traced.Build(alone: false, ScriptedAnswer.Text("hi")), streamed);

        Assert.That(recorder.Chats(LlmKitDiagnostics.FeatureTag, traced.Name), Is.Empty);
        Assert.That(recorder.All("gen_ai.request.model", traced.Name).Select(measurement => measurement.Instrument), Is.EqualTo(new[] { LlmKitDiagnostics.CallCostMetric }));
    }

    [Test]
    public async Task Call_InsideAForeignChatSpan_MeasuresNothingTwice([Values] bool streamed)
    {
        using var recorder = new TelemetryRecorder();
        using var foreign = new ActivitySource("Experimental.Microsoft.Extensions.AI.Test");
        using var listener = new ActivityListener { ShouldListenTo = source => source == foreign, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData };
        ActivitySource.AddActivityListener(listener);
        using var around = foreign.StartActivity("chat", ActivityKind.Client, default(ActivityContext), [new("gen_ai.operation.name", "chat")]);
        var traced = new TracedPipeline();

        await traced.AskAsync(traced.Build(alone: false, ScriptedAnswer.Text("a", "b")), streamed);

        Assert.That(recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name).ParentSpanId, Is.EqualTo(around!.SpanId));
        Assert.That(recorder.All("gen_ai.request.model", traced.Name).Select(measurement => measurement.Instrument), Is.EqualTo(new[] { LlmKitDiagnostics.CallCostMetric }));
    }

    [Test]
    public void IsInside_ClientWithAForeignTracer_IsSeenByItsType()
    {
        Assert.That(ForeignTracer.IsInside(new ScriptedChatClient(), typeof(ScriptedChatClient)), Is.True);
        Assert.That(ForeignTracer.IsInside(new ReadyClient(), typeof(OnceMoreClient)), Is.False);
        Assert.That(ForeignTracer.IsInside(new ReadyClient(), tracer: null), Is.False);
    }

    [Test]
    public async Task Call_PriceUnknown_CostIsAbsentAndCounted([Values] bool streamed)
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline { Price = null };

        await traced.AskAsync(traced.Build(alone: false, ScriptedAnswer.Text("hi")), streamed);

        Assert.That(recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name).TagObjects.Select(tag => tag.Key), Has.None.StartsWith("llmkit.usage.cost"));
        Assert.That(recorder.Measurements(LlmKitDiagnostics.CostUnknownMetric, LlmKitDiagnostics.PipelineTag, traced.Name).Single().Value, Is.EqualTo(1));
    }

    [Test]
    public async Task Call_ResponseProperties_KnownOnesAreTaggedAndNoOthers([Values] bool content)
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline { Options = options => options.CaptureContent = content };
        var options = traced.CallOptions.WithPrompt("triage", "7");
        options.AdditionalProperties!["secret"] = "M4RKER";
        var model = new ReadyClient();
        (model.Answer.Result.AdditionalProperties ??= [])["system_fingerprint"] = "fp_1";
        model.Answer.Result.AdditionalProperties["other"] = "M4RKER";

        await traced.Alone(model).GetResponseAsync("hello", options);

        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
        Assert.That(span.GetTagItem("openai.response.system_fingerprint"), Is.EqualTo("fp_1"));
        Assert.That((span.GetTagItem("gen_ai.prompt.name"), span.GetTagItem("gen_ai.prompt.version")), Is.EqualTo(("triage", "7")));
        Assert.That(span.TagObjects.Select(tag => tag.Value), Has.None.EqualTo("M4RKER"));
    }

    [Test]
    public async Task Prompt_Variables_AreOnSpansOfTheNextProfileWithContentAlone([Values] SemanticConventions profile, [Values] bool content, [Values] bool streamed)
    {
        using var recorder = new TelemetryRecorder();
        var log = new EventLog();
        var traced = new TracedPipeline();
        using var client = new TracingChatClient(
            traced.Script(ScriptedAnswer.Text("hi")),
            new() { Profile = profile, CaptureContent = content, CaptureContentOnEvents = false, EmitEvents = true, Redact = static text => text.Replace("M4RKER", "X", StringComparison.Ordinal) },
            log);
        var prompt = new LlmPrompt { Name = "triage", Template = "{{who}} {{days}} {{long}}", Variables = new Dictionary<string, object?> { ["who"] = "M4RKER", ["days"] = 2.5, ["long"] = new string('a', 1_000) } };

        await traced.AskAsync(client, streamed, prompt);

        var variables = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name).TagObjects.Where(tag => tag.Key.StartsWith("gen_ai.prompt.variable.", StringComparison.Ordinal)).ToDictionary();
        Assert.That(variables, Is.EquivalentTo(profile == SemanticConventions.Next && content
            ? new Dictionary<string, object?> { ["gen_ai.prompt.variable.who"] = "X", ["gen_ai.prompt.variable.days"] = "2.5", ["gen_ai.prompt.variable.long"] = new string('a', 256) }
            : []));
        Assert.That(log.Single("gen_ai.client.inference.operation.details").Values.Keys, Has.None.StartsWith("gen_ai.prompt.variable.").And.None.EndsWith(".messages"));
    }

    [Test]
    public async Task Prompt_VariablesThatSayMoreTogether_AreWithheld()
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline
        {
            Options = static options => (options.Profile, options.CaptureContent, options.Redact) = (SemanticConventions.Next, true, static text => text.Replace("Password: M4RKER", "X", StringComparison.Ordinal)),
        };
        var prompt = new LlmPrompt { Name = "triage", Template = "Password: {{word}}", Variables = new Dictionary<string, object?> { ["word"] = "M4RKER" } };

        await traced.AskAsync(traced.Build(alone: true, ScriptedAnswer.Text("hi")), streamed: true, prompt);

        Assert.That(recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name).GetTagItem("gen_ai.prompt.variable.word"), Is.EqualTo("[withheld]"));
    }

    [Test]
    public async Task Prompt_Noted_NoProviderSeesIt([Values] bool streamed)
    {
        var traced = new TracedPipeline();
        var model = traced.Script(ScriptedAnswer.Text("hi"));
        var client = traced.Composed(model);
        var options = traced.CallOptions.WithPrompt("triage", "7");

        if (streamed)
            await client.GetStreamingResponseAsync("hello", options).ToChatResponseAsync();
        else
            await client.GetResponseAsync("hello", options);

        Assert.That(model.Requests.Single().Options!.AdditionalProperties, Is.Null);
    }

    [Test]
    public void ErrorTypes_ManyTypes_AreBounded()
    {
        Assert.That(ErrorTypes.Of(new AggregateException(new Failure<string>())), Is.EqualTo("LlmKit.Tests.Observability.Tracing.Failure`1"));
        Assert.That(ErrorTypes.Of(new HttpRequestException("busy", null, System.Net.HttpStatusCode.ServiceUnavailable)), Is.EqualTo("overloaded"));
    }

    private sealed class Failure<T> : Exception;
}
