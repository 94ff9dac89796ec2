using System.Diagnostics.Metrics;
using LlmKit.Calls;
using LlmKit.Observability.Tracing;
using LlmKit.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Tracing;

public class UploadHookTests
{
    private const string Marker = "M4RKER";

    private string _folder = "";

    [SetUp]
    public void Prepare() => _folder = Path.Combine(Path.GetTempPath(), $"llmkit upload {Guid.NewGuid():n}");

    [TearDown]
    public void Clean()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task Upload_AskedForByTheEnvironment_FilesAreWrittenAndTheSpanLeadsToThem([Values] bool streamed, [Values] bool asUri)
    {
        using var recorder = new TelemetryRecorder();
        await using var upload = Switch("upload", asUri ? new Uri(_folder).AbsoluteUri : _folder);
        var traced = new TracedPipeline
        {
            Services = services => services.AddSingleton(upload),
            Options = static options => (options.CaptureContent, options.Redact) = (false, static text => text.Replace(Marker, "***", StringComparison.Ordinal)),
        };

        var call = await AskAsync(traced, traced.Build(alone: false, ScriptedAnswer.Text("go", "od M4", "RKER")), streamed);
        await upload.DisposeAsync();

        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
        string Read(string name)
        {
            var path = new Uri((string)span.GetTagItem(name)!).LocalPath;
            Assert.That(Path.GetFileName(path), Does.StartWith(call.Id + "_"));
            return Path.GetFileName(path)[(call.Id.Length + 1)..] + " " + File.ReadAllText(path);
        }

        Assert.That(Read("gen_ai.input.messages.ref"), Is.EqualTo("""inputs.json [{"role":"user","parts":[{"type":"text","content":"my ***"}]}]"""));
        Assert.That(Read("gen_ai.system_instructions.ref"), Is.EqualTo("""system_instruction.json [{"type":"text","content":"be kind"}]"""));
        Assert.That(Read("gen_ai.output.messages.ref"), Is.EqualTo("""outputs.json [{"role":"assistant","parts":[{"type":"text","content":"good ***"}],"finish_reason":"stop"}]"""));
        Assert.That(Directory.GetFiles(_folder), Has.Length.EqualTo(3));
        Assert.That(span.GetTagItem("gen_ai.input.messages"), Is.Null);
    }

    [TestCase(null, "folder")]
    [TestCase("other", "folder")]
    [TestCase("upload", null)]
    [TestCase("upload", "gs://bucket/path")]
    public async Task Upload_NotAskedForOrElsewhere_IsNoHook(string? hook, string? path)
    {
        await using var upload = Switch(hook, path);

        Assert.That(upload.Hook, Is.Null);
    }

    [Test]
    public async Task Upload_AnotherHookIsSet_ThatOneIsAsked()
    {
        var hook = new HookDouble();
        await using var upload = Switch("upload", _folder);
        var traced = new TracedPipeline { Services = services => services.AddSingleton(upload).AddSingleton<IContentHook>(hook) };

        await traced.AskAsync(traced.Build(alone: false, ScriptedAnswer.Text("good")), streamed: false);
        await upload.DisposeAsync();

        Assert.That((hook.Requests.Count, Directory.Exists(_folder)), Is.EqualTo((1, false)));
    }

    [Test]
    public async Task Upload_WithATraceStore_RecordsAreAsWithoutIt([Values] bool streamed)
    {
        await using var upload = Switch("upload", _folder);
        var traced = new TracedPipeline();
        var services = new ServiceCollection().AddSingleton(upload);
        services.AddLlmPipeline().AddModel("small", traced.Script(ScriptedAnswer.Text("good"))).UseTracing().WithTraces(static traces => traces.Content = true);
        await using var provider = services.BuildServiceProvider();

        var call = await AskAsync(traced, provider.GetRequiredService<IChatClient>(), streamed);

        var record = (await provider.GetRequiredService<LlmTraces>().GetAsync(call.Id))!;
        Assert.That((record.IsRedacted, record.Input.Single().Text, record.Output.Single().Text), Is.EqualTo((false, "my " + Marker, "good")));
    }

    [Test]
    public async Task Upload_DiskIsSlow_NothingWaitsAndWhatDoesNotFitHasNoReference()
    {
        using var meters = new Dropped();
        var disk = new TaskCompletionSource();
        var written = 0;
        var hook = new UploadHook(_folder, TimeProvider.System, NullLogger.Instance, async (_, _) =>
        {
            await disk.Task;
            written++;
        });

        var references = Enumerable.Range(0, UploadHook.MostQueued * 2).Select(number => Request(hook, number)).ToList();
        disk.SetResult();
        await hook.DisposeAsync();

        var kept = references.Count(static reference => reference is not null);
        Assert.That(kept, Is.InRange(UploadHook.MostQueued, UploadHook.MostQueued + 1));
        Assert.That((written, meters.Of("queue_full")), Is.EqualTo((kept, (long)(references.Count - kept))));
        Assert.That(Request(hook, 0), Is.Null);
    }

    [Test]
    public async Task Upload_DiskFails_IsCountedAndTheNextFileIsWritten()
    {
        using var meters = new Dropped();
        var paths = new List<string>();
        var hook = new UploadHook(_folder, TimeProvider.System, NullLogger.Instance, (path, _) =>
        {
            paths.Add(path);
            return paths.Count == 1 ? Task.FromException(new IOException("full")) : Task.CompletedTask;
        });

        Request(hook, 1);
        Request(hook, 2);
        await hook.DisposeAsync();

        Assert.That((paths.Count, meters.Of("failed")), Is.EqualTo((2, 1)));
    }

    private static UploadSwitch Switch(string? hook, string? path) => new(hook, path, TimeProvider.System, NullLogger.Instance);

    private static string? Request(UploadHook hook, int number)
    {
        var content = new RequestContent($"call-{number}", "p", [new(ChatRole.User, "hello")]);
        hook.OnRequest(content);
        return content.MessagesReference;
    }

    private static async Task<LlmCall> AskAsync(TracedPipeline traced, IChatClient client, bool streamed)
    {
        LlmCall? call = null;
        var options = traced.CallOptions;
        (options.Instructions, options.OnCompleted) = ("be kind", closed => call = closed);
        if (streamed)
            await client.GetStreamingResponseAsync("my " + Marker, options).ToChatResponseAsync();
        else
            await client.GetResponseAsync("my " + Marker, options);
        return call!;
    }

    /// <summary>Counts what was dropped, by reason: of each only one test here makes any.</summary>
    private sealed class Dropped : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly Dictionary<string, long> _counts = [];

        public Dropped()
        {
            _listener.InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Name == "llmkit.upload.dropped")
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
            {
                lock (_counts)
                    _counts[(string)tags[0].Value!] = _counts.GetValueOrDefault((string)tags[0].Value!) + value;
            });
            _listener.Start();
        }

        public long Of(string reason)
        {
            lock (_counts)
                return _counts.GetValueOrDefault(reason);
        }

        public void Dispose() => _listener.Dispose();
    }
}
