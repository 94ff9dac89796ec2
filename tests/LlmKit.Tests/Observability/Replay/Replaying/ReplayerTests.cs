using LlmKit.Observability.Replay;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Replay.Replaying;

public sealed class ReplayerTests
{
    private static readonly FrozenCall Question = new(Asking.Question, answer: new(new ChatMessage(ChatRole.Assistant, "Paris")) { FinishReason = ChatFinishReason.Stop });

    [Test]
    public async Task Run_OfAnswersThatVary_TabulatesHow()
    {
        string[] texts = ["Paris", "Paris", "paris.", "It is Paris", "Paris"];
        var report = await Replayer.RunAsync(Question, new ScriptedChatClient((number, _) => ScriptedAnswer.Text(texts[number])));

        Assert.That((report.Runs.Count, report.Failed, report.Distinct), Is.EqualTo((5, 0, 3)));
        Assert.That((report.ExactAgreement, report.NormalizedAgreement, report.ParsedAgreement, report.ToolCallAgreement), Is.EqualTo((0.6, 0.8, (double?)null, (double?)null)));
        Assert.That(report.RecordedAgreement, Is.EqualTo(0.8));
        Assert.That(report.Models, Is.EqualTo(new Dictionary<string, int> { ["scripted-1"] = 5 }));
        Assert.That(report.Cost, Is.Null);
    }

    [Test]
    public async Task Run_OfJson_AgreesOnItsValue()
    {
        string[] texts = ["{\"a\":1,\"b\":2}", "{ \"b\": 2, \"a\": 1 }", "```json\n{\"a\":1,\"b\":2}\n```", "no"];
        var report = await Replayer.RunAsync(Question, new ScriptedChatClient((number, _) => ScriptedAnswer.Text(texts[number])), new() { Times = 4 });

        Assert.That((report.ExactAgreement, report.ParsedAgreement), Is.EqualTo((0.25, 0.75)));
    }

    [Test]
    public async Task Run_OfToolCalls_AgreesOnNamesAndArguments()
    {
        var report = await Replayer.RunAsync(Question, new ScriptedChatClient((number, _) => ScriptedAnswer.Text() with
        {
            Contents = [new FunctionCallContent($"id{number}", "find", new Dictionary<string, object?> { ["city"] = number == 3 ? "Oslo" : "Rome" })],
        }), new() { Times = 4 });

        Assert.That((report.ToolCallAgreement, report.Distinct), Is.EqualTo((0.75, 2)));
    }

    [Test]
    public async Task Run_ThroughAPipeline_AddsUpCostAndCountsFailures()
    {
        using var host = PipelineHost.For(new ScriptedChatClient((number, _) => number == 1 ? ScriptedAnswer.Throws(Failures.Http(400)) : ScriptedAnswer.Text("Paris")));

        var report = await Replayer.RunAsync(Question, host.Chat, new() { Times = 3, TimeProvider = host.Clock });

        Assert.That((report.Cost, report.Failed, report.Runs[1].Failure, report.Runs[1].Drift), Is.EqualTo((24m, 1, "InvalidRequest", DriftLevel.Outcome)));
        Assert.That(report.ExactAgreement, Is.EqualTo(1));
    }

    [Test]
    public async Task Run_OfSlowAnswers_MeasuresByItsClock()
    {
        var clock = new ManualTimeProvider();
        var running = Replayer.RunAsync(Question, new ScriptedChatClient((number, _) => ScriptedAnswer.Text("a") with { Delay = TimeSpan.FromSeconds(number + 1) }, clock), new() { Times = 4, TimeProvider = clock });
        while (!running.IsCompleted)
        {
            if (clock.UntilNextTimer is { } next)
                clock.Advance(next);
            await Task.Yield();
        }

        var report = await running;
        Assert.That((report.Latency(50), report.Latency(95), report.Latency(100)), Is.EqualTo((TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(4))));
        Assert.That(() => report.Latency(0), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public async Task Run_WithChangedOptions_LeavesTheFrozenOnesAlone()
    {
        var call = new FrozenCall(Asking.Question, new() { Temperature = 1, ModelId = "a" });
        var model = new ScriptedChatClient(ScriptedAnswer.Text("x"));

        await Replayer.RunAsync(call, model, new() { Times = 2, Configure = options => options.Temperature = 0 });

        Assert.That(model.Requests.Select(request => (request.Options!.Temperature, request.Options.ModelId)), Is.All.EqualTo((0f, "a")));
        Assert.That(call.Options!.Temperature, Is.EqualTo(1));
    }

    [Test]
    public async Task Compare_OfModels_GivesALineForEach()
    {
        static ScriptedChatClient Model(string id, string fingerprint) => new((_, _) => ScriptedAnswer.Text("Paris"), modelId: id);
        var comparison = await Replayer.CompareAsync(Question, new Dictionary<string, IChatClient> { ["small"] = Model("s-1", "x"), ["large"] = Model("l-1", "y") }, new() { Times = 2, TimeProvider = new ManualTimeProvider() });

        Assert.That(comparison.Models.Select(model => (model.Name, model.Models.Keys.Single())), Is.EqualTo([("large", "l-1"), ("small", "s-1")]));
        Assert.That(comparison.ToText(), Is.EqualTo(
            "model  runs  failed  distinct  exact  normalised  parsed  tools  recorded  cost USD  p50 ms  p95 ms  fingerprints\n" +
            "large     2       0         1   1.00        1.00       -      -      1.00         -       0       0  -\n" +
            "small     2       0         1   1.00        1.00       -      -      1.00         -       0       0  -\n"));
    }

    [Test]
    public async Task Run_OfNoAnswerAtAll_HasNoAgreement()
    {
        var report = await Replayer.RunAsync(Question, new ScriptedChatClient(ScriptedAnswer.Throws(Failures.Http(500))));

        Assert.That((report.Failed, report.ExactAgreement, report.Latency(50), report.Cost), Is.EqualTo((5, (double?)null, (TimeSpan?)null, (decimal?)null)));
        Assert.That(report.ToText(), Does.Contain("model"));
    }

    [Test]
    public async Task Run_Once_AgreesWithItself()
    {
        using var host = PipelineHost.For(ScriptedAnswer.Text("Paris"));

        var report = await Replayer.RunAsync(Question, host.Chat, new() { Times = 1, TimeProvider = host.Clock });

        Assert.That((report.ExactAgreement, report.Distinct, report.Cost, report.Latency(1), report.Latency(100)), Is.EqualTo((1.0, 1, 12m, TimeSpan.Zero, TimeSpan.Zero)));
    }

    [Test]
    public async Task Run_OfWhichAllFail_TellsWhatThatCost()
    {
        using var host = PipelineHost.For(new ScriptedChatClient((_, _) => ScriptedAnswer.Text("cut") with { FinishReason = ChatFinishReason.Stop, Usage = new() { InputTokenCount = 10, OutputTokenCount = 1 } }), builder => builder.Use((inner, _) => new FailsAfterwards(inner)));

        var report = await Replayer.RunAsync(Question, host.Chat, new() { Times = 2, TimeProvider = host.Clock });

        Assert.That((report.Failed, report.Cost, report.ExactAgreement, report.RecordedAgreement), Is.EqualTo((2, 24m, (double?)null, (double?)null)));
        Assert.That(report.ToText().Split('\n')[1], Does.Match("^scripted-1 +2 +2 +0 +- +- +- +- +- +24.000000 +- +- +-$"));
    }

    [Test]
    public async Task Compare_OfModelsOfOtherPricesWithFailures_StandsInColumns()
    {
        using var cheap = new PipelineHost(builder => builder.AddModel("small", Varying("fp_1"), options => options.Price = new(0.15m, 0.60m)));
        using var dear = new PipelineHost(builder => builder.AddModel("strong-model-of-a-long-name", Varying("fp_2"), options => options.Price = new(15_000m, 60_000m)));
        var down = new ScriptedChatClient(ScriptedAnswer.Throws(Failures.Http(500)));

        var comparison = await Replayer.CompareAsync(Question, new Dictionary<string, IChatClient> { ["small"] = cheap.Chat, ["strong-model-of-a-long-name"] = dear.Chat, ["down"] = down }, new() { Times = 10, TimeProvider = cheap.Clock });
        var lines = comparison.ToText().Split('\n');

        TestContext.Out.WriteLine(comparison.ToText());
        Assert.That(comparison.Models.Select(model => model.Cost), Is.EqualTo(new decimal?[] { null, 0.00000210m * 8, 0.21m * 8 }).Within(0.0000001m));
        foreach (var column in new[] { "runs", "failed", "cost USD", "p95 ms" })
        {
            var end = lines[0].IndexOf(column, StringComparison.Ordinal) + column.Length;
            Assert.That(lines.Skip(1).Take(3).Select(line => line[end - 1] != ' ' && (line.Length == end || line[end] == ' ')), Is.All.True, column);
        }

        static UpdatingClient Varying(string fingerprint) => new(fingerprint);
    }

    [Test]
    public async Task Run_WhenCancelled_Ends()
    {
        using var cancellation = new CancellationTokenSource();
        var running = Replayer.RunAsync(Question, new ScriptedChatClient(ScriptedAnswer.Hangs()), null, cancellation.Token);

        await cancellation.CancelAsync();

        Assert.That(async () => await running, Throws.InstanceOf<OperationCanceledException>());
    }

    [TestCase(0, 1)]
    [TestCase(1001, 1)]
    [TestCase(1, 0)]
    [TestCase(1, 65)]
    public void Run_OutsideItsRanges_IsRefused(int times, int concurrency) => Assert.That(
        () => Replayer.RunAsync(Question, new ScriptedChatClient(), new() { Times = times, Concurrency = concurrency }), Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public void Run_WithSettingsThatAreNone_IsRefused()
    {
        Assert.That(() => Replayer.RunAsync(Question, new ScriptedChatClient(), new() { Tolerated = (DriftLevel)9 }), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("ReplayerOptions.Tolerated"));
        Assert.That(() => Replayer.RunAsync(Question, new ScriptedChatClient(), new() { TimeProvider = null! }), Throws.ArgumentException.With.Message.Contains("ReplayerOptions.TimeProvider"));
    }

    [Test]
    public void FrozenCall_WhoseOriginalsChange_StaysAsItWas()
    {
        List<ChatMessage> messages = [new(ChatRole.User, "a")];
        var options = new ChatOptions { AdditionalProperties = new() { ["x"] = 1 } };
        var answer = new ChatResponse(new ChatMessage(ChatRole.Assistant, "b"));
        var call = new FrozenCall(messages, options, answer);

        ((TextContent)messages[0].Contents[0]).Text = "changed";
        messages.Clear();
        options.AdditionalProperties["x"] = 2;
        answer.Messages.Clear();
        call.Messages[0].Contents.Clear();

        Assert.That((call.Messages.Single().Text, call.Options!.AdditionalProperties!["x"], call.Answer!.Text), Is.EqualTo(("a", 1, "b")));
    }

    [Test]
    public async Task Chain_UpToItsFirstDivergence_StopsThere()
    {
        var chain = Chain();
        var same = await Replayer.ReplayChainAsync(chain, Model("Rome", "It is  sunny."));
        var otherTool = await Replayer.ReplayChainAsync(chain, Model("Oslo", "It is sunny."));
        var otherText = await Replayer.ReplayChainAsync(chain, Model("Rome", "Sun."));
        var tolerated = await Replayer.ReplayChainAsync(chain, Model("Rome", "Sun."), new() { Tolerated = DriftLevel.Wording });

        Assert.That((same.FirstDivergence, same.Runs.Count, same.ToText()), Is.EqualTo(((int?)null, 2, "no divergence in 2 steps")));
        Assert.That(otherTool.ToText(), Is.EqualTo("first divergence at step 1 of 2: ToolCalls at $[0].arguments.city"));
        Assert.That(otherText.ToText(), Is.EqualTo("first divergence at step 2 of 2: Wording"));
        Assert.That(tolerated.FirstDivergence, Is.Null);
    }

    [Test]
    public async Task Chain_OfACallThatFails_DivergesThere()
    {
        var report = await Replayer.ReplayChainAsync(Chain(), new ScriptedChatClient(ScriptedAnswer.Throws(Failures.Http(429))));

        Assert.That(report.ToText(), Is.EqualTo("first divergence at step 1 of 2: Outcome (RateLimited)"));
    }

    [Test]
    public async Task Chain_ServesRecordedToolResults()
    {
        var model = Model("Rome", "It is sunny.");

        await Replayer.ReplayChainAsync(Chain(), model);

        Assert.That(model.Requests[1].Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Single().Result, Is.EqualTo("sunny"));
    }

    [Test]
    public void Chain_WithoutAnswers_IsRefused() => Assert.That(
        () => Replayer.ReplayChainAsync([new(Asking.Question)], new ScriptedChatClient()), Throws.ArgumentException);

    private static FrozenCall[] Chain()
    {
        var call = new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("c1", "weather", new Dictionary<string, object?> { ["city"] = "Rome" })]);
        return
        [
            new(Asking.Question, answer: new(call) { FinishReason = ChatFinishReason.ToolCalls }),
            new([.. Asking.Question, call, new(ChatRole.Tool, [new FunctionResultContent("c1", "sunny")])], answer: new(new ChatMessage(ChatRole.Assistant, "It is sunny.")) { FinishReason = ChatFinishReason.Stop }),
        ];
    }

    private static ScriptedChatClient Model(string city, string text) => new((number, _) => number == 0
        ? ScriptedAnswer.Text() with { Contents = [new FunctionCallContent("x", "weather", new Dictionary<string, object?> { ["city"] = city })], FinishReason = ChatFinishReason.ToolCalls }
        : ScriptedAnswer.Text(text));

    /// <summary>Fails once the answer is there and paid for.</summary>
    private sealed class FailsAfterwards(IChatClient inner) : DelegatingChatClient(inner)
    {
        public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            await base.GetResponseAsync(messages, options, cancellationToken);
            throw new FormatException("no good");
        }
    }

    /// <summary>Says the same eight times of ten, with a fingerprint, and fails twice.</summary>
    private sealed class UpdatingClient(string fingerprint) : IChatClient
    {
        private int _number;

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            ++_number % 5 == 0 ? throw Failures.Http(400) : Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "Paris"))
            {
                FinishReason = ChatFinishReason.Stop,
                Usage = new() { InputTokenCount = 10, OutputTokenCount = 1 },
                AdditionalProperties = new() { ["system_fingerprint"] = fingerprint },
            });

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
