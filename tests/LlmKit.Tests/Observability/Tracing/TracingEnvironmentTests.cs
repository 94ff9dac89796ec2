using System.Diagnostics;
using LlmKit.Observability.Tracing;
using LlmKit.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Tracing;

/// <summary>The variables of OpenTelemetry, from the process to what a composed pipeline tells. They are the whole process's, so nothing runs beside.</summary>
[NonParallelizable]
public class TracingEnvironmentTests
{
    private const string Content = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";
    private const string Emit = "OTEL_INSTRUMENTATION_GENAI_EMIT_EVENT";
    private const string Hook = "OTEL_INSTRUMENTATION_GENAI_COMPLETION_HOOK";
    private const string Folder = "OTEL_INSTRUMENTATION_GENAI_UPLOAD_BASE_PATH";
    private const string OptIn = "OTEL_SEMCONV_STABILITY_OPT_IN";
    private const string Details = "gen_ai.client.inference.operation.details";
    private const string Messages = "gen_ai.input.messages";
    private const string Marker = "M4RKER";

    private readonly Dictionary<string, string?> _before = [];
    private readonly EventLog _log = new();

    [SetUp]
    public void Remember()
    {
        // Read once in a process: not while a test asks for something else.
        _ = ScopePolicies.Of(options: null);
        foreach (var name in new[] { Content, Emit, Hook, Folder, OptIn })
            _before[name] = Environment.GetEnvironmentVariable(name);
    }

    [TearDown]
    public void Restore()
    {
        foreach (var (name, value) in _before)
            Environment.SetEnvironmentVariable(name, value);
    }

    [TestCase("True", true, false)]
    [TestCase("span_only", true, false)]
    [TestCase("EVENT_ONLY", false, true)]
    [TestCase("SPAN_AND_EVENT", true, true)]
    [TestCase("NO_CONTENT", false, false)]
    [TestCase("perhaps", false, false)]
    [TestCase(null, false, false)]
    public async Task Content_AskedFor_IsWhereItIsAskedFor(string? value, bool onSpans, bool onEvents)
    {
        Environment.SetEnvironmentVariable(Content, value);

        foreach (var streamed in new[] { false, true })
        {
            var span = await AskAsync(options: null, streamed);

            Assert.That(span.GetTagItem(Messages), onSpans ? Does.Contain(Marker) : Is.Null);
            Assert.That(_log.Records.Where(record => record.Name == Details).Select(record => record.Values.ContainsKey(Messages)).ToList(), onEvents ? Has.Count.EqualTo(streamed ? 2 : 1).And.All.True : Is.Empty);
        }
    }

    [Test]
    public async Task Content_RefusedByTheOptions_IsNowhere([Values] bool streamed)
    {
        Environment.SetEnvironmentVariable(Content, "SPAN_AND_EVENT");

        var span = await AskAsync(options => options.CaptureContent = false, streamed);

        Assert.That(span.GetTagItem(Messages), Is.Null);
        Assert.That(_log.Records, Is.Empty);
    }

    [Test]
    public async Task Content_AskedForByTheOptions_IsThereWhateverTheEnvironmentSays([Values] bool streamed)
    {
        Environment.SetEnvironmentVariable(Content, "NO_CONTENT");

        var span = await AskAsync(options => (options.CaptureContent, options.CaptureContentOnEvents) = (true, true), streamed);

        Assert.That(span.GetTagItem(Messages), Does.Contain(Marker));
        Assert.That(_log.Single(Details).Values.Keys, Does.Contain(Messages));
    }

    [Test]
    public async Task Content_OfScopes_FollowsTheEnvironmentToo([Values] bool asked)
    {
        Environment.SetEnvironmentVariable(Content, asked ? "true" : null);
        using var recorder = new TelemetryRecorder();
        Activity span;

        using (var retrieval = LlmTrace.BeginRetrieval("manuals", Marker, options: new()))
            span = retrieval.Span!;

        Assert.That(span.GetTagItem("gen_ai.retrieval.query.text"), Is.EqualTo(asked ? Marker : null));
        await Task.CompletedTask;
    }

    [TestCase("true", null, true)]
    [TestCase("true", false, false)]
    [TestCase("false", true, true)]
    [TestCase("false", null, false)]
    [TestCase(null, null, false)]
    public async Task Events_AskedFor_AreToldUnlessTheOptionsSayOtherwise(string? value, bool? option, bool told)
    {
        Environment.SetEnvironmentVariable(Emit, value);

        foreach (var streamed in new[] { false, true })
            await AskAsync(options => options.EmitEvents = option, streamed);

        Assert.That(_log.Records.Count(record => record.Name == Details), Is.EqualTo(told ? 2 : 0));
    }

    [TestCase("http/dup,gen_ai_latest_experimental", null, true)]
    [TestCase("gen_ai_latest_experimental", SemanticConventions.Version141, false)]
    [TestCase(null, SemanticConventions.Next, true)]
    [TestCase(null, null, false)]
    public async Task Profile_AskedFor_GivesItsNamesAndNoOthers(string? value, SemanticConventions? option, bool next)
    {
        Environment.SetEnvironmentVariable(OptIn, value);

        foreach (var streamed in new[] { false, true })
        {
            using var recorder = new TelemetryRecorder();
            var traced = Pipeline(options => options.Profile = option);
            await traced.AskAsync(traced.Build(alone: false, ScriptedAnswer.Text("hi")), streamed);

            var names = recorder.All("gen_ai.request.model", traced.Name).Select(measurement => measurement.Instrument).ToList();
            Assert.That(names, Has.One.EqualTo(next ? "gen_ai.client.inference.duration" : "gen_ai.client.operation.duration"));
            Assert.That(names, Has.None.StartsWith(next ? "gen_ai.client.operation." : "gen_ai.client.inference."));
        }
    }

    [Test]
    public async Task Hook_AskedFor_StoresFilesUnlessTheOptionsNameAnother([Values] bool streamed, [Values] bool another)
    {
        var folder = Directory.CreateTempSubdirectory("llmkit-hook-").FullName;
        Environment.SetEnvironmentVariable(Hook, "upload");
        Environment.SetEnvironmentVariable(Folder, folder);
        var hook = new HookDouble();
        try
        {
            var span = await AskAsync(options => options.ContentHook = another ? hook : null, streamed);

            Assert.That(span.GetTagItem("gen_ai.input.messages.ref"), another ? Is.Null : Does.StartWith("file://"));
            Assert.That(Directory.GetFiles(folder), Has.Length.EqualTo(another ? 0 : 2));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private TracedPipeline Pipeline(Action<TracingOptions>? options) =>
        new() { Options = options, Services = services => services.AddSingleton<ILoggerFactory>(new OneLog(_log)) };

    private async Task<Activity> AskAsync(Action<TracingOptions>? options, bool streamed)
    {
        using var recorder = new TelemetryRecorder();
        var traced = Pipeline(options);
        await using var provider = traced.Provide(traced.Script(ScriptedAnswer.Text("hi")));
        await traced.AskAsync(provider.GetRequiredKeyedService<Microsoft.Extensions.AI.IChatClient>(traced.Name), streamed, Marker);
        return recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
    }
}
