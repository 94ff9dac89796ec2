using System.Diagnostics;
using LlmKit.Calls;
using LlmKit.Observability.Tracing;
using LlmKit.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Tracing;

public class ContentHookTests
{
    private const string Marker = "M4RKER";
    private const string Input = "gen_ai.input.messages";
    private const string Output = "gen_ai.output.messages";
    private const string Instructions = "gen_ai.system_instructions";

    [Test]
    public async Task Hook_ContentOffAndNoStore_SeesTheWholeCallAllTheSame([Values] bool streamed)
    {
        var hook = new HookDouble();
        var traced = new TracedPipeline { Options = options => (options.ContentHook, options.CaptureContent) = (hook, false) };
        var client = traced.Build(alone: false, ScriptedAnswer.Text("go", "od"));

        var call = await AskAsync(traced, client, streamed);

        Assert.That((hook.Requests.Single().CallId, hook.Requests[0].Pipeline), Is.EqualTo((call.Id, traced.Name)));
        Assert.That(hook.Requests[0].Messages.Select(message => (message.Role, message.Text)), Is.EqualTo(new[] { (ChatRole.User, "hello") }));
        Assert.That(hook.Requests[0].Instructions, Is.EqualTo("be kind"));
        Assert.That((hook.Responses.Single().CallId, hook.Responses[0].Response.Text, hook.Responses[0].IsComplete), Is.EqualTo((call.Id, "good", true)));
        Assert.That(hook.Responses[0].Request, Is.SameAs(hook.Requests[0]));
    }

    [Test]
    public async Task Hook_SpansAreOff_RunsAllTheSame([Values] bool streamed)
    {
        var hook = new HookDouble();
        var traced = new TracedPipeline { Options = options => (options.ContentHook, options.SpanMode) = (hook, SpanMode.StoreOnly) };

        await traced.AskAsync(traced.Build(alone: false, ScriptedAnswer.Text("good")), streamed);

        Assert.That((hook.Requests.Count, hook.Responses.Count), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task Hook_AmongTheServices_IsAskedUnlessTheOptionNamesOne([Values] bool named)
    {
        var (service, option) = (new HookDouble(), new HookDouble());
        var traced = new TracedPipeline
        {
            Services = services => services.AddSingleton<IContentHook>(service),
            Options = options => options.ContentHook = named ? option : null,
        };

        await traced.AskAsync(traced.Build(alone: false, ScriptedAnswer.Text("good")), streamed: false);

        Assert.That((service.Requests.Count, option.Requests.Count), Is.EqualTo(named ? (0, 1) : (1, 0)));
    }

    [Test]
    public async Task Hook_ChangesWhatItIsGiven_SpanHoldsThatAndTheCallIsUntouched([Values] bool streamed, [Values] bool inPlace)
    {
        using var recorder = new TelemetryRecorder();
        var hook = new HookDouble { Asked = request => Change(request, inPlace), Answered = response => Change(response, inPlace) };
        var traced = new TracedPipeline { Options = options => (options.ContentHook, options.CaptureContent) = (hook, true) };
        var model = traced.Script(ScriptedAnswer.Text("go", "od"));

        var text = "";
        await AskAsync(traced, traced.Composed(model), streamed, answer => text = answer);

        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
        Assert.That(span.GetTagItem(Input), Is.EqualTo("""[{"role":"user","parts":[{"type":"text","content":"asked"}]}]"""));
        Assert.That(span.GetTagItem(Instructions), Is.EqualTo("""[{"type":"text","content":"instructed"}]"""));
        Assert.That(span.GetTagItem(Output), Is.EqualTo("""[{"role":"assistant","parts":[{"type":"text","content":"answered"}],"finish_reason":"stop"}]"""));
        Assert.That((model.Requests[0].Text, model.Requests[0].Options!.Instructions, text), Is.EqualTo(("hello", "be kind", "good")));
    }

    [Test]
    public async Task Hook_LeavesNothing_NothingIsRecorded([Values] bool streamed)
    {
        using var recorder = new TelemetryRecorder();
        var hook = new HookDouble { Asked = request => (request.Messages, request.Instructions) = ([], null), Answered = response => response.Response = new() };
        var traced = new TracedPipeline { Options = options => (options.ContentHook, options.CaptureContent) = (hook, true) };

        await AskAsync(traced, traced.Build(alone: false, ScriptedAnswer.Text("good")), streamed);

        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
        Assert.That(new[] { Input, Instructions, Output }.Select(span.GetTagItem), Is.All.Null);
    }

    [Test]
    public async Task Hook_StoresElsewhere_SpanAndEventSayWhere([Values] bool streamed, [Values] bool late)
    {
        using var recorder = new TelemetryRecorder();
        var log = new EventLog();
        void Refer(RequestContent request) => (request.MessagesReference, request.InstructionsReference) = ("file:///in", "file:///system");
        var hook = new HookDouble
        {
            Asked = request =>
            {
                if (!late)
                    Refer(request);
            },
            Answered = response =>
            {
                Refer(response.Request);
                response.MessagesReference = "file:///out";
            },
        };
        using var around = LlmTrace.BeginWorkflow();
        var client = new TracingChatClient(new ScriptedChatClient(ScriptedAnswer.Text("good")), new() { ContentHook = hook, EmitEvents = true }, log);

        await PlainlyAsync(client, streamed);

        KeyValuePair<string, object?>[] expected = [new(Input + ".ref", "file:///in"), new(Instructions + ".ref", "file:///system"), new(Output + ".ref", "file:///out")];
        Assert.That(expected, Is.SubsetOf(recorder.Children(around.Span!).Single().TagObjects));
        Assert.That(expected, Is.SubsetOf(log.Single("gen_ai.client.inference.operation.details").Values));
    }

    [Test]
    public async Task Redaction_BeforeTheHook_SeesEachTextWholeAndOnce([Values] bool streamed)
    {
        using var recorder = new TelemetryRecorder();
        var hook = new HookDouble();
        var traced = new TracedPipeline
        {
            Options = options => (options.ContentHook, options.CaptureContent, options.Redact) = (hook, true, static text => $"<{text.Replace(Marker, "***", StringComparison.Ordinal)}>"),
        };

        await traced.AskAsync(traced.Build(alone: false, ScriptedAnswer.Text("a M4", "RK", "ER b")), streamed, "my " + Marker);

        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
        Assert.That((hook.Requests[0].Messages[0].Text, hook.Responses[0].Response.Text), Is.EqualTo(("<my ***>", "<a *** b>")));
        Assert.That((string)span.GetTagItem(Input)!, Does.Contain("\"<my ***>\""));
        Assert.That((string)span.GetTagItem(Output)!, Does.Contain("\"<a *** b>\""));
    }

    [Test]
    public async Task Redaction_Fails_HookSeesAMarkInTheTextsPlace([Values] bool streamed)
    {
        var hook = new HookDouble();
        var traced = new TracedPipeline { Options = options => (options.ContentHook, options.Redact) = (hook, static text => throw new FormatException(text)) };

        await traced.AskAsync(traced.Build(alone: false, ScriptedAnswer.Text(Marker)), streamed, Marker);

        Assert.That((hook.Requests[0].Messages[0].Text, hook.Responses[0].Response.Text), Is.EqualTo(("[redaction failed]", "[redaction failed]")));
    }

    [Test]
    public async Task Hook_Throws_NoTextIsRecordedAndTheCallGoesOn([Values] bool streamed, [Values] bool atTheEnd, [Values] bool cancels)
    {
        using var recorder = new TelemetryRecorder();
        var log = new EventLog();
        Exception failure = cancels ? new OperationCanceledException(Marker) : new FormatException(Marker);
        var hook = new HookDouble { Asked = atTheEnd ? null : _ => throw failure, Answered = _ => throw failure };
        var options = new TracingOptions { ContentHook = hook, CaptureContent = true, CaptureContentOnEvents = true, Profile = SemanticConventions.Next };
        using var around = LlmTrace.BeginWorkflow();
        var client = new TracingChatClient(new ScriptedChatClient(ScriptedAnswer.Text(Marker)), options, log);

        var text = await PlainlyAsync(client, streamed);

        var span = recorder.Children(around.Span!).Single();
        Assert.That(text, Is.EqualTo(Marker));
        Assert.That(span.TagObjects.Select(tag => tag.Value?.ToString()), Has.None.Contains(Marker));
        Assert.That(new[] { Input, Instructions, Output }.Select(span.GetTagItem), Is.All.Null);
        Assert.That(log.Records.Select(record => record.Text + string.Join(" ", record.Values)), Has.None.Contains(Marker));
        Assert.That(log.Records.Where(record => record.Name == "HookFailed").Select(record => record.Values["Error"]), Is.EqualTo(new[] { failure.GetType().Name }));
        Assert.That(hook.Responses, Has.Count.EqualTo(atTheEnd ? 1 : 0));
    }

    [Test]
    public void Hook_ThrowsAndTheCallFails_TheMessageOfTheExceptionIsNotRecorded([Values] bool streamed)
    {
        using var recorder = new TelemetryRecorder();
        var log = new EventLog();
        var hook = new HookDouble { Asked = static _ => throw new FormatException() };
        using var around = LlmTrace.BeginWorkflow();
        var client = new TracingChatClient(
            new ScriptedChatClient(ScriptedAnswer.Throws(new InvalidOperationException(Marker))), new() { ContentHook = hook, CaptureContent = true, CaptureContentOnEvents = true }, log);

        Assert.That(() => PlainlyAsync(client, streamed), Throws.InvalidOperationException);

        var span = recorder.Children(around.Span!).Single();
        Assert.That((span.Status, span.StatusDescription, span.GetTagItem("error.type")), Is.EqualTo((ActivityStatusCode.Error, (string?)null, "System.InvalidOperationException")));
        Assert.That(log.Single("gen_ai.client.operation.exception").Values, Does.Not.ContainKey("exception.message"));
        Assert.That(log.Records.Select(record => record.Text + string.Join(" ", record.Values)), Has.None.Contains(Marker));
    }

    [Test]
    public async Task Hook_ListenerThrowsToo_IsAskedBeforeAnythingIsWritten([Values] bool streamed)
    {
        var hook = new HookDouble();
        var traced = new TracedPipeline { Options = options => (options.ContentHook, options.CaptureContent) = (hook, true) };
        var thrown = 0;
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == LlmKitDiagnostics.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> span) => span.Name == "chat " + traced.Name ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
            ActivityStarted = span =>
            {
                if (span.DisplayName != "chat " + traced.Name)
                    return;
                thrown++;
                throw new InvalidOperationException();
            },
        };
        ActivitySource.AddActivityListener(listener);

        await traced.AskAsync(traced.Build(alone: false, ScriptedAnswer.Text("good")), streamed);

        Assert.That((thrown, hook.Requests.Count, hook.Responses.Count), Is.EqualTo((1, 1, 1)));
    }

    [Test]
    public async Task Hook_LeavesAPartThatIsNull_NoTextIsRecorded([Values] bool streamed)
    {
        using var recorder = new TelemetryRecorder();
        var hook = new HookDouble { Asked = request => request.Messages = [new(ChatRole.User, [null!])] };
        var traced = new TracedPipeline { Options = options => (options.ContentHook, options.CaptureContent) = (hook, true) };

        await traced.AskAsync(traced.Build(alone: false, ScriptedAnswer.Text(Marker)), streamed);

        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
        Assert.That((span.GetTagItem(Input), span.GetTagItem(Output), span.GetTagItem("gen_ai.usage.input_tokens")), Is.EqualTo(((object?)null, (object?)null, 10)));
    }

    [Test]
    public void Call_Fails_HookIsAskedAboutTheRequestAloneAndNoAnswerIsRecorded([Values] bool streamed)
    {
        using var recorder = new TelemetryRecorder();
        var hook = new HookDouble();
        var traced = new TracedPipeline { Options = options => (options.ContentHook, options.CaptureContent) = (hook, true) };
        var answer = ScriptedAnswer.Text("half", "whole") with { Failure = new InvalidOperationException("broken"), FailAfterChunks = 1 };

        Assert.That(() => traced.AskAsync(traced.Build(alone: false, answer), streamed), Throws.InstanceOf<InvalidOperationException>());

        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
        Assert.That((hook.Requests.Count, hook.Responses.Count), Is.EqualTo((1, 0)));
        Assert.That((span.GetTagItem(Input), span.GetTagItem(Output)), Is.EqualTo(("""[{"role":"user","parts":[{"type":"text","content":"hello"}]}]""", (object?)null)));
    }

    [Test]
    public async Task Stream_LeftByItsReader_HookSeesWhatCame()
    {
        var hook = new HookDouble();
        var traced = new TracedPipeline { Options = options => options.ContentHook = hook };

        await foreach (var _ in traced.Build(alone: false, ScriptedAnswer.Text("half", "whole")).GetStreamingResponseAsync("hello", traced.CallOptions))
            break;

        Assert.That((hook.Responses.Single().Response.Text, hook.Responses[0].IsComplete), Is.EqualTo(("half", false)));
    }

    [Test]
    public async Task Call_BlockedOrAnsweredFromTheCache_HookSeesTheAnswerGiven([Values] bool streamed)
    {
        var hook = new HookDouble();
        var traced = new TracedPipeline
        {
            Options = options => options.ContentHook = hook,
            Stages = builder => builder.UseGuardrails(static rules =>
            {
                rules.DenyTerms("forbidden");
                (rules.WhenBlocked, rules.BlockedAnswer) = (WhenBlocked.Answer, "no");
            }).UseSemanticCache(),
        };
        var client = traced.Build(alone: false, ScriptedAnswer.Text("good"));

        foreach (var prompt in new[] { "forbidden", "hello", "hello" })
            await traced.AskAsync(client, streamed, prompt);

        Assert.That(hook.Responses.Select(response => response.Response.Text), Is.EqualTo(new[] { "no", "good", "good" }));
    }

    private static void Change(RequestContent request, bool inPlace)
    {
        if (inPlace)
            ((TextContent)request.Messages[0].Contents[0]).Text = "asked";
        else
            request.Messages = [new(ChatRole.User, "asked")];
        request.Instructions = "instructed";
    }

    private static void Change(ResponseContent response, bool inPlace)
    {
        if (inPlace)
            ((TextContent)response.Response.Messages[0].Contents[0]).Text = "answered";
        else
            response.Response = new(new ChatMessage(ChatRole.Assistant, "answered")) { FinishReason = ChatFinishReason.Stop };
    }

    private static async Task<string> PlainlyAsync(IChatClient client, bool streamed)
    {
        var options = new ChatOptions { Instructions = Marker }.WithPrompt(new LlmPrompt { Name = "greet", Template = "{{name}}", Variables = new Dictionary<string, object?> { ["name"] = Marker } });
        return streamed ? (await client.GetStreamingResponseAsync(Marker, options).ToChatResponseAsync()).Text : (await client.GetResponseAsync(Marker, options)).Text;
    }

    private static async Task<LlmCall> AskAsync(TracedPipeline traced, IChatClient client, bool streamed, Action<string>? answered = null)
    {
        LlmCall? call = null;
        var options = traced.CallOptions;
        options.Instructions = "be kind";
        options.OnCompleted = closed => call = closed;
        var response = streamed ? await client.GetStreamingResponseAsync("hello", options).ToChatResponseAsync() : await client.GetResponseAsync("hello", options);
        answered?.Invoke(response.Text);
        return call!;
    }
}
