using System.Diagnostics;
using System.Runtime.CompilerServices;
using LlmKit.Calls;
using LlmKit.Models;
using LlmKit.Observability.Replay;
using LlmKit.Testing;
using LlmKit.Tests.Observability.Tracing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Replay;

/// <summary>Cassettes in composed pipelines: the stack above behaves as if the model had answered.</summary>
public sealed class CassettePipelineTests
{
    private readonly CassetteFolder _folder = new();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task Replay_AroundTheModel_IsChargedLikeTheModel([Values] bool streamed)
    {
        await RecordAsync(streamed, new ScriptedChatClient(ScriptedAnswer.Text("Paris")));

        using var cassette = _folder.Open(CassetteMode.Replay);
        using var host = Host(new CassetteChatClient(cassette, model: "scripted-1"));
        var (response, call) = await host.Chat.AskAsync(streamed);

        Assert.That(response.Text, Is.EqualTo("Paris"));
        Assert.That((call.Cost, call.Attempts.Single().Usage.Input), Is.EqualTo((12m, 10)));
        cassette.AssertAllPlayed();
    }

    [Test]
    public async Task Replay_UnderABudget_IsHeldToIt([Values] bool streamed)
    {
        using var cassette = Cassette.InMemory(options: new() { WrapAround = true });
        cassette.Add(Asking.Question, new() { ModelId = "m", MaxOutputTokens = 4 }, new(new ChatMessage(ChatRole.Assistant, "Paris")) { FinishReason = ChatFinishReason.Stop, Usage = new() { InputTokenCount = 10, OutputTokenCount = 4 } });
        using var host = PipelineHost.For(new CassetteChatClient(cassette, model: "m"), builder => builder.UseBudget(budget => budget.PerTenant("daily", 60m, BudgetWindow.Daily)));
        var options = new LlmCallOptions { Tenant = "acme", MaxOutputTokens = 4 };

        var spent = 0m;
        Exception? refusal = null;
        while (refusal is null && spent < 100)
        {
            try
            {
                spent += (await host.Chat.AskAsync(streamed, options)).Call.Cost;
            }
            catch (BudgetExceededException exception)
            {
                refusal = exception;
            }
        }

        Assert.That(refusal, Is.Not.Null);
        Assert.That(spent, Is.GreaterThan(0).And.LessThanOrEqualTo(60));
    }

    [Test]
    public async Task Replay_OfFailures_IsRetriedAsTheyWere([Values] bool streamed)
    {
        ScriptedAnswer[] answers = [ScriptedAnswer.Throws(Failures.Http(503)), ScriptedAnswer.Throws(Failures.Http(503)), ScriptedAnswer.Text("Paris")];
        await RecordAsync(streamed, new ScriptedChatClient(answers));

        using var cassette = _folder.Open(CassetteMode.Replay);
        using var host = Host(new CassetteChatClient(cassette, model: "scripted-1"));
        var (response, call) = await AskWhileClockRunsAsync(host, streamed);

        Assert.That(response.Text, Is.EqualTo("Paris"));
        Assert.That(call.Attempts.Select(attempt => attempt.Failure?.Kind), Is.EqualTo(new ModelFailureKind?[] { ModelFailureKind.Overloaded, ModelFailureKind.Overloaded, null }));
        cassette.AssertAllPlayed();
    }

    [Test]
    public async Task Replay_OfAFailure_HasItsKindStatusAndText([Values] bool streamed)
    {
        using var cassette = Cassette.InMemory(CassetteMode.Record, new() { Redact = text => text.Replace("provider", "[who]", StringComparison.Ordinal) });
        var failing = new CassetteChatClient(cassette, new ScriptedChatClient(ScriptedAnswer.Text("Par", "is") with { Failure = Failures.Http(429), FailAfterChunks = 1 }));
        Assert.That(async () => await failing.GetStreamingResponseAsync(Asking.Question).ToListAsync(), Throws.TypeOf<HttpRequestException>());
        await cassette.SaveAsync(_folder.File);

        using var replay = _folder.Open(CassetteMode.Replay);
        var seen = new List<string>();
        var failure = Assert.CatchAsync(() => ReadAsync(new CassetteChatClient(replay), streamed, seen))!;

        Assert.That(failure, Is.TypeOf<RecordedFailureException>().With.Message.Contains("[who] text"));
        Assert.That(((RecordedFailureException)failure).OriginalType, Is.EqualTo(typeof(HttpRequestException).FullName));
        Assert.That((failure.GetModelFailure()!.Kind, failure.GetModelFailure()!.Status), Is.EqualTo((ModelFailureKind.RateLimited, 429)));
        Assert.That(seen, Is.EqualTo(streamed ? ["Par"] : Array.Empty<string>()));
    }

    [Test]
    public async Task Replay_OfAProvidersOwnFailure_IsClassifiedByTheOptions()
    {
        static ModelFailure? Classify(Exception exception) =>
            exception is InvalidDataException ? new() { Kind = ModelFailureKind.ContentFiltered, ProviderCode = "filtered", RetryAfter = TimeSpan.FromSeconds(3) } : null;
        using var cassette = Cassette.InMemory(CassetteMode.Record, new() { ClassifyFailure = Classify });
        Assert.That(() => new CassetteChatClient(cassette, new ScriptedChatClient(ScriptedAnswer.Throws(new InvalidDataException("no")))).GetResponseAsync(Asking.Question), Throws.TypeOf<InvalidDataException>());
        await cassette.SaveAsync(_folder.File);

        using var replay = _folder.Open(CassetteMode.Replay);
        var failure = Assert.CatchAsync(() => new CassetteChatClient(replay).GetResponseAsync(Asking.Question))!.GetModelFailure()!;

        Assert.That((failure.Kind, failure.ProviderCode, failure.RetryAfter), Is.EqualTo((ModelFailureKind.ContentFiltered, "filtered", TimeSpan.FromSeconds(3))));
    }

    [Test]
    public async Task Replay_UnderATracer_TagsItsSpan([Values] bool streamed)
    {
        await RecordAsync(streamed, new ScriptedChatClient(ScriptedAnswer.Text("Paris")));
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == LlmKitDiagnostics.ActivitySourceName,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                lock (spans)
                    spans.Add(span);
            },
        };
        ActivitySource.AddActivityListener(listener);

        using var cassette = _folder.Open(CassetteMode.Replay);
        using var host = PipelineHost.For(new CassetteChatClient(cassette, model: "scripted-1"), builder => builder.UseTracing().UseResilience());
        var (_, call) = await host.Chat.AskAsync(streamed);

        List<Activity> own;
        lock (spans)
            own = spans.FindAll(span => span.GetTagItem(LlmKitDiagnostics.CallIdTag) as string == call.Id);
        Assert.That(own.Single().GetTagItem(LlmKitDiagnostics.ReplayTag), Is.EqualTo(true));
    }

    [Test]
    public async Task Replay_OfAFailureUnderATracer_TagsItsSpan([Values] bool streamed)
    {
        await RecordAsync(streamed, new ScriptedChatClient(ScriptedAnswer.Throws(Failures.Http(400))), fails: true);
        using var recorder = new TelemetryRecorder();
        var feature = $"f{Guid.NewGuid():n}";

        using var cassette = _folder.Open(CassetteMode.Replay);
        using var host = PipelineHost.For(new CassetteChatClient(cassette, model: "scripted-1"), builder => builder.UseTracing());
        var failure = await host.Chat.FailAsync(streamed, new LlmCallOptions { Feature = feature });

        Assert.That(failure, Is.TypeOf<RecordedFailureException>());
        Assert.That(recorder.Chat(LlmKitDiagnostics.FeatureTag, feature).GetTagItem(LlmKitDiagnostics.ReplayTag), Is.EqualTo(true));
    }

    [Test]
    public async Task Replay_OfAJudgeBesideTheModel_TheSpanOfTheModelsAnswerIsNotTagged([Values] bool streamed)
    {
        using var recorder = new TelemetryRecorder();
        var feature = $"f{Guid.NewGuid():n}";
        using var cassette = Cassette.InMemory();
        cassette.Add(Asking.Question, options: null, new(new ChatMessage(ChatRole.Assistant, "fine")));
        using var host = PipelineHost.For(ScriptedAnswer.Text("Paris"), builder => builder.UseTracing().Use(inner => new JudgedClient(inner, new CassetteChatClient(cassette))));

        await host.Chat.AskAsync(streamed, new LlmCallOptions { Feature = feature });

        cassette.AssertAllPlayed();
        Assert.That(recorder.Chat(LlmKitDiagnostics.FeatureTag, feature).GetTagItem(LlmKitDiagnostics.ReplayTag), Is.Null);
    }

    [Test]
    public async Task UseCassette_AfterTheRouter_RecordsModelsAndReplaysWithoutAttempts([Values] bool streamed)
    {
        var model = new ScriptedChatClient(ScriptedAnswer.Text("Paris"));
        using (var host = HostWithStage(model, CassetteMode.Record))
            Assert.That((await host.Chat.AskAsync(streamed)).Call.Attempts, Has.Count.EqualTo(1));

        using var replaying = HostWithStage(model, CassetteMode.Replay);
        var (response, call) = await replaying.Chat.AskAsync(streamed);

        Assert.That((response.Text, call.Cost, call.Attempts.Count, model.Requests.Count), Is.EqualTo(("Paris", 0m, 0, 1)));
        Assert.That(response.Usage, Is.Null);
        Assert.That(_folder.Text, Does.Contain("\"model\": \"model\""));
    }

    [Test]
    public async Task Miss_UnderFallbacks_IsNotHidden([Values] bool streamed)
    {
        using var cassette = Cassette.InMemory();
        using var host = new PipelineHost(builder => builder
            .AddModel("first", new CassetteChatClient(cassette), options => options.Price = ModelPrice.Free)
            .AddModel("second", new ScriptedChatClient(ScriptedAnswer.Text("from the second")), options => options.Price = ModelPrice.Free)
            .UseRouter(router => router.Priority("first", "second")));

        await host.Chat.FailOrAnswerAsync(streamed);

        Assert.That(cassette.Misses, Is.Not.Empty);
        Assert.That(cassette.AssertAllPlayed, Throws.TypeOf<CassetteException>().With.Message.Contains("had no recording"));
    }

    [Test]
    public async Task Identity_OfTheCaller_IsNoPartOfAKey([Values] bool streamed)
    {
        await RecordAsync(streamed, new ScriptedChatClient(ScriptedAnswer.Text("Paris")), new LlmCallOptions { Tenant = "acme", User = "u1", Feature = "x" });

        using var cassette = _folder.Open(CassetteMode.Replay);
        using var host = Host(new CassetteChatClient(cassette, model: "scripted-1"));
        var (response, _) = await host.Chat.AskAsync(streamed, new LlmCallOptions { Tenant = "other", User = "u2", Deadline = null });

        Assert.That(response.Text, Is.EqualTo("Paris"));
        Assert.That(_folder.Text, Does.Not.Contain("acme").And.Not.Contain("u1\""));
    }

    private static PipelineHost Host(IChatClient model) => PipelineHost.For(model, builder => builder.UseResilience(resilience => resilience.MaxRetries = 3));

    private PipelineHost HostWithStage(IChatClient model, CassetteMode mode) => PipelineHost.For(model, builder => builder
        .UseResilience()
        .UseCassette(_folder.File, options => (options.Mode, options.ReadEnvironment) = (mode, false)));

    private async Task RecordAsync(bool streamed, IChatClient model, ChatOptions? options = null, bool fails = false)
    {
        using var recorder = _folder.Open(CassetteMode.Record);
        using var host = Host(new CassetteChatClient(recorder, model));
        if (fails)
            await host.Chat.FailAsync(streamed, options);
        else
            await AskWhileClockRunsAsync(host, streamed, options);
    }

    private static async Task<(ChatResponse Response, LlmCall Call)> AskWhileClockRunsAsync(PipelineHost host, bool streamed, ChatOptions? options = null)
    {
        var asking = host.Chat.AskAsync(streamed, options);
        for (var i = 0; i < 50 && !asking.IsCompleted; i++)
        {
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        return await asking;
    }

    private static async Task ReadAsync(CassetteChatClient client, bool streamed, List<string> seen)
    {
        if (!streamed)
            await client.GetResponseAsync(Asking.Question);
        await foreach (var update in client.GetStreamingResponseAsync(Asking.Question))
            seen.Add(update.Text);
    }
}

/// <summary>Has each answer judged before it is given.</summary>
file sealed class JudgedClient(IChatClient inner, IChatClient judge) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        await judge.GetResponseAsync(Asking.Question, options: null, cancellationToken);
        return await base.GetResponseAsync(messages, options, cancellationToken);
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await judge.GetResponseAsync(Asking.Question, options: null, cancellationToken);
        await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
            yield return update;
    }
}

file static class Outcomes
{
    public static async Task FailOrAnswerAsync(this IChatClient client, bool streamed)
    {
        try
        {
            await client.AskAsync(streamed);
        }
        catch (LlmException)
        {
            // Either will do: a miss is on the cassette.
        }
    }
}
