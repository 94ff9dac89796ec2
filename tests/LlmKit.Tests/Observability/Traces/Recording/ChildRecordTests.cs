using System.Text;
using LlmKit.Calls;
using LlmKit.Observability.Traces;
using LlmKit.Testing;
using LlmKit.Tests.Control.Caching;
using LlmKit.Tests.Observability.Tracing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Traces.Recording;

/// <summary>What judges, repairs and other requests that a call makes for itself leave in the trace store.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class ChildRecordTests(bool streamed)
{
    private static readonly ChatResponseFormat City = ChatResponseFormat.ForJsonSchema(System.Text.Json.JsonElement.Parse("""{"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}"""));

    [Test]
    public async Task Record_OfACascadesJudge_HoldsWhatItWasAskedAndSaid()
    {
        using var rig = Judged(score: 0.1);

        var outcome = await rig.AskAsync(streamed);

        var root = (await Traces(rig).GetAsync(outcome.Call!.Id))!;
        var judge = await SingleAsync(rig, "judge");
        Assert.That((judge.ParentId, judge.TraceId, judge.Kind, judge.Name), Is.EqualTo((root.Id, root.TraceId, TraceKind.Chat, "judge scripted-1")));
        Assert.That((judge.Tenant, judge.User, judge.Feature, judge.Interaction, judge.Tags[BudgetRig.Tag]), Is.EqualTo(("acme", "u1", "triage", "i1", "blue")));
        Assert.That((judge.Status, judge.Model, judge.IsIncomplete, judge.IsStreaming, judge.ErrorType), Is.EqualTo((CallStatus.Completed, "judge", false, false, (string?)null)));
        Assert.That(judge.Input.Select(message => message.Role), Is.EqualTo(new[] { "system", "user" }));
        Assert.That(judge.Input[1].Text, Is.EqualTo("""{"question":"hi","answer":"draft"}"""));
        Assert.That(judge.Output.Single().Text, Does.Contain("\"score\": 0.1"));
        Assert.That(Encoding.UTF8.GetString(judge.Options!.Json.Span), Does.Contain("\"maxOutputTokens\":200"));
        var attempt = root.Attempts.Single(attempt => attempt.Purpose == "judge");
        Assert.That((judge.Attempts.Single().Model, judge.Cost, judge.Usage), Is.EqualTo((attempt.Model, attempt.Cost, attempt.Usage)));
        Assert.That(root.Output.Single().Text, Is.EqualTo("from strong"));
    }

    [Test]
    public async Task Record_OfARepair_HoldsTheConversationThatItMended()
    {
        using var rig = new BudgetRig(builder => builder
            .AddPriced("model", new ScriptedChatClient(ScriptedAnswer.Text("{\"town\":1}"), ScriptedAnswer.Text("{\"city\":\"Rome\"}")))
            .WithTraces(Content).UseTracing().UseGuardrails(rules => rules.RequireFormat()));
        var options = BudgetRig.Call();
        options.ResponseFormat = City;

        var outcome = await rig.AskAsync(streamed, options);

        var repair = await SingleAsync(rig, "repair");
        Assert.That(outcome.Text, Is.EqualTo("{\"city\":\"Rome\"}"));
        Assert.That(repair.Input.Select(message => message.Role), Is.EqualTo(new[] { "user", "assistant", "user" }));
        Assert.That((repair.Input[1].Text, repair.Output.Single().Text, repair.ParentId), Is.EqualTo(("{\"town\":1}", outcome.Text, outcome.Call!.Id)));
    }

    [Test]
    public async Task Record_OfARailThatAsksAModel_HoldsItsVerdict()
    {
        using var rig = new BudgetRig(builder => builder
            .AddPriced("model", ScriptedAnswer.Text("ok")).AddPriced("judge", new ScriptedChatClient((_, request) => ScriptedAnswer.Text(Reply(request, 0.9))))
            .WithTraces(Content).UseTracing()
            .UseGuardrails(rules => rules.AddGuard(Rail.Input, new LlmJudge("doses", "judge", "asks for a dose of a medicine"))).UseRouter(router => router.Priority("model")));

        await rig.AskAsync(streamed);

        var root = (await Traces(rig).ListAsync()).Traces.Single();
        var judge = await SingleAsync(rig, "judge");
        Assert.That((root.Marks.HasFlag(AnswerMarks.Blocked), judge.ParentId), Is.EqualTo((true, root.Id)));
        Assert.That(judge.Output.Single().Text, Does.Contain("0.9"));
    }

    [Test]
    public async Task Record_OfAChild_ChangesNoSumAndNoList()
    {
        using var rig = Judged(score: 0.1);

        var outcome = await rig.AskAsync(streamed);

        var traces = Traces(rig);
        var sums = (await traces.AggregateAsync(new(), new())).Single();
        var call = outcome.Call!;
        Assert.That((sums.Calls, sums.Cost, sums.InputTokens, sums.OutputTokens), Is.EqualTo((1, call.Cost, call.Usage.Input, call.Usage.Output)));
        Assert.That((await traces.AggregateAsync(new(), new(TraceGroupBy.Model))).Select(group => group.Name), Is.EqualTo(new[] { "strong" }));
        Assert.That((await traces.ListAsync()).Traces.Select(trace => trace.Id), Is.EqualTo(new[] { call.Id }));
        Assert.That((await traces.ListAsync(new() { Text = "draft" })).Traces, Is.Empty, "the draft was never the call's answer");
        Assert.That((await traces.ListAsync(new() { TraceId = (await SingleAsync(rig, "judge")).TraceId, WithChildren = true })).Traces.Select(trace => trace.Purpose), Is.EquivalentTo(new[] { null, "judge" }));
        Assert.That(await ExportedAsync(traces, new()), Is.EqualTo(1));
        Assert.That(await ExportedAsync(traces, new() { Purpose = "judge" }), Is.EqualTo(1));
        Assert.That(await ExportedAsync(traces, new() { WithChildren = true }), Is.EqualTo(2));
    }

    [Test]
    public async Task Record_WithoutContent_HasNoTextOfTheChildEither()
    {
        using var rig = Judged(score: 0.9, traces: options => options.Content = false);

        await rig.AskAsync(streamed);

        var judge = await SingleAsync(rig, "judge");
        Assert.That((judge.Input.Count, judge.Output.Count, judge.Options, judge.Usage.Total > 0), Is.EqualTo((0, 0, (TraceMessage?)null, true)));
    }

    [Test]
    public async Task Record_WithAHook_HoldsWhatItLeavesOfTheChild()
    {
        var hook = new HookDouble
        {
            Asked = content => content.Messages = [new(ChatRole.User, "asked")],
            Answered = content => content.Response = new(new ChatMessage(ChatRole.Assistant, "said")),
        };
        using var rig = Judged(score: 0.9, tracing: tracing => tracing.ContentHook = hook);

        await rig.AskAsync(streamed);

        var judge = await SingleAsync(rig, "judge");
        Assert.That((judge.Input.Single().Text, judge.Output.Single().Text, judge.IsRedacted), Is.EqualTo(("asked", "said", true)));
    }

    [Test]
    public async Task Record_WithAHookThatThrows_HoldsNothingOfTheChild([Values] bool atTheAnswer)
    {
        var hook = new HookDouble
        {
            Asked = _ => ThrowIf(!atTheAnswer),
            Answered = _ => ThrowIf(atTheAnswer),
        };
        using var rig = Judged(score: 0.9, tracing: tracing => tracing.ContentHook = hook);

        var outcome = await rig.AskAsync(streamed);

        var judge = await SingleAsync(rig, "judge");
        Assert.That((judge.Input, judge.Output, judge.Options), Is.EqualTo((Array.Empty<TraceMessage>(), Array.Empty<TraceMessage>(), (TraceMessage?)null)));
        Assert.That((outcome.Text, judge.Status), Is.EqualTo(("draft", CallStatus.Completed)));

        static void ThrowIf(bool throws)
        {
            if (throws)
                throw new InvalidOperationException("the hook");
        }
    }

    [Test]
    public async Task Record_WithARedaction_HoldsWhatItLeavesOfTheChild()
    {
        using var rig = Judged(score: 0.9, draft: "call 555-0199", tracing: tracing => tracing.Redact = text => text.Replace("555-0199", "<PHONE>", StringComparison.Ordinal));

        await Outcome.OfAsync(rig.Chat, streamed, BudgetRig.Call(), "mine is 555-0199");

        var judge = await SingleAsync(rig, "judge");
        Assert.That((judge.IsRedacted, judge.Input[1].Text), Is.EqualTo((true, """{"question":"mine is <PHONE>","answer":"call <PHONE>"}""")));
        Assert.That(Encoding.UTF8.GetString(judge.Input[1].Json.Span), Does.Not.Contain("555"));
    }

    [Test]
    public async Task Record_OfAChildThatFails_HasTheRequestAndTheClassOfTheError()
    {
        using var rig = Judged(new ScriptedChatClient(ScriptedAnswer.Throws(new InvalidOperationException("the provider echoed: hunter2"))));

        var outcome = await rig.AskAsync(streamed);

        var judge = await SingleAsync(rig, "judge");
        Assert.That(outcome.Text, Is.EqualTo("from strong"), "a check that throws has accepted nothing");
        Assert.That((judge.Status, judge.ErrorType, judge.Output.Count, judge.Input.Count), Is.EqualTo((CallStatus.Failed, "System.InvalidOperationException", 0, 2)));
        Assert.That((await Traces(rig).ListAsync(new() { IsBad = true })).Traces, Is.Empty, "the call ended well");
    }

    [Test]
    public async Task Record_OfAChildThatIsTriedAgain_IsOneForEachRequest()
    {
        var judge = new ScriptedChatClient((number, request) => number == 0 ? ScriptedAnswer.Throws(Failures.Http(503)) : ScriptedAnswer.Text(Reply(request, 0.9)));
        var clock = new ManualTimeProvider();
        using var rig = Judged(judge, clock: clock, inside: builder => builder.UseResilience());

        var outcome = await Eventually.EndsAsync(rig.AskAsync(streamed), clock, TimeSpan.FromSeconds(1));

        var asked = (await Traces(rig).ListAsync(new() { Purpose = "judge" })).Traces.OrderBy(trace => trace.Id.Length).ToList();
        Assert.That(asked.Select(trace => (trace.Status, trace.Attempts.Single().Failure, trace.ParentId)), Is.EqualTo(new[]
        {
            (CallStatus.Failed, "overloaded", outcome.Call!.Id), (CallStatus.Completed, (string?)null, outcome.Call.Id),
        }));
        Assert.That(asked[1].Id, Is.EqualTo(asked[0].Id + "-2"));
    }

    [Test]
    public async Task Record_OfAChildThatTheBudgetRefuses_SaysSoAndCostsNothing()
    {
        using var rig = Judged(new ScriptedChatClient(ScriptedAnswer.Text("never")));
        var options = BudgetRig.Call();
        options.MaxCost = 31;

        await rig.AskAsync(streamed, options);

        var judge = await SingleAsync(rig, "judge");
        Assert.That((judge.Status, judge.Cost, judge.Attempts.Count, judge.ErrorType is not null), Is.EqualTo((CallStatus.Failed, 0m, 0, true)));
    }

    [Test]
    public async Task Record_OfAShadowThatEndsAfterItsCall_ComesToo()
    {
        using var rig = new BudgetRig(builder => builder
            .AddPriced("model", new ScriptedChatClient((number, request) => number < 2 ? ScriptedAnswer.Text($"answer {number}") : ScriptedAnswer.Text("SAME")))
            .WithTraces(Content).UseTracing()
            .UseSemanticCache(cache =>
            {
                (cache.Embedder, cache.MinSimilarity) = (ScriptedEmbedder.Blurred(), 0.9);
                (cache.ShadowShare, cache.AnswerCheck) = (1, AnswerChecks.Judge("model"));
            }).UseRouter(router => router.Priority("model")));
        await Outcome.OfAsync(rig.Chat, streamed, BudgetRig.Call(), "How do refunds work?");

        var hit = await Outcome.OfAsync(rig.Chat, streamed, BudgetRig.Call(), "How does a refund work?");
        await hit.Call!.WhenSettled;

        var shadow = await Eventually.GetsAsync(async () => await FindAsync(rig, "shadow"));
        var judge = await Eventually.GetsAsync(async () => await FindAsync(rig, "judge"));
        Assert.That((shadow.ParentId, shadow.Input.Single().Text, shadow.Output.Single().Text, shadow.IsIncomplete), Is.EqualTo((hit.Call.Id, "How does a refund work?", "answer 1", false)));
        Assert.That((judge.ParentId, judge.TraceId, judge.Output.Single().Text), Is.EqualTo((shadow.Id, shadow.TraceId, "SAME")));
    }

    [Test]
    public async Task Record_OfAChildThatIsStreamed_HoldsItsAnswerOrWhatCameOfIt([Values] bool isLeft)
    {
        using var rig = new BudgetRig(builder => builder
            .AddPriced("model", ScriptedAnswer.Text("ok")).AddPriced("aside", ScriptedAnswer.Text("one ", "two"))
            .WithTraces(Content).UseTracing().Use((inner, context) => new AsideClient(inner, context.GetModel("aside"), isLeft)).UseRouter(router => router.Priority("model")));

        var outcome = await rig.AskAsync(streamed);

        var aside = await SingleAsync(rig, "aside");
        Assert.That(outcome.Text, Is.EqualTo("ok"));
        Assert.That((aside.IsStreaming, aside.Input.Single().Text, aside.Attempts.Count), Is.EqualTo((true, "quietly", 1)));
        Assert.That((aside.Status, aside.Output.Single().Text), Is.EqualTo(isLeft ? (CallStatus.Abandoned, "one ") : (CallStatus.Completed, "one two")));
    }

    [Test]
    [NonParallelizable]
    public async Task Record_UnderASpan_StandsBelowTheSpanOfItsCall()
    {
        using var telemetry = new TelemetryRecorder();
        using var rig = Judged(score: 0.9);

        var outcome = await rig.AskAsync(streamed);

        var root = (await Traces(rig).GetAsync(outcome.Call!.Id))!;
        var judge = await SingleAsync(rig, "judge");
        Assert.That(root.SpanId, Is.Not.Null);
        Assert.That((judge.TraceId, judge.ParentSpanId, judge.SpanId), Is.EqualTo((root.TraceId, root.SpanId, (string?)null)));
    }

    [Test]
    public async Task Record_OfAChildThatAnotherPipelineTraces_IsThereOnce()
    {
        using var rig = new BudgetRig(
            builder => builder.AddPriced("model", ScriptedAnswer.Text("ok")).WithTraces(Content).UseTracing()
                .Use((inner, context) => new AsideClient(inner, context.Services.GetRequiredKeyedService<IChatClient>("aside"), isLeft: false)),
            more: services => services.AddLlmPipeline("aside").AddPriced("aside", ScriptedAnswer.Text("one ", "two")).UseTracing());

        var outcome = await rig.AskAsync(streamed);

        var aside = await SingleAsync(rig, "aside");
        Assert.That((aside.ParentId, aside.IsIncomplete, aside.Output.Single().Text), Is.EqualTo((outcome.Call!.Id, false, "one two")));
        Assert.That((await Traces(rig).AggregateAsync(new(), new())).Single(), Has.Property("Calls").EqualTo(1).And.Property("Cost").EqualTo(outcome.Call.Cost));
    }

    [Test]
    public async Task Record_WithSampling_KeepsTheChildExactlyIfTheCallIsKept([Values] bool isKept)
    {
        using var rig = Judged(score: 0.1, traces: options => (options.KeepShare, options.KeepDearerThan) = (0, isKept ? 1m : 1_000m));

        await rig.AskAsync(streamed, new LlmCallOptions { Tenant = "acme", MaxOutputTokens = 20 });

        Assert.That((await Traces(rig).ListAsync(new() { WithChildren = true })).Traces, Has.Count.EqualTo(isKept ? 2 : 0));
    }

    [Test]
    public async Task ToCassette_OfACallWithAChild_AnswersTheCallAloneAndTheChildByItself()
    {
        using var rig = Judged(score: 0.9);
        var outcome = await rig.AskAsync(streamed);
        var (root, judge) = ((await Traces(rig).GetAsync(outcome.Call!.Id))!, await SingleAsync(rig, "judge"));

        using var whole = new[] { judge, root }.ToCassette();
        using var alone = judge.ToCassette();

        Assert.That((await Outcome.OfAsync(((IChatClient?)null).WithCassette(whole), streamed, BudgetRig.Call())).Text, Is.EqualTo("draft"));
        whole.AssertAllPlayed();
        var frozen = judge.ToFrozenCall();
        Assert.That((await ((IChatClient?)null).WithCassette(alone).GetResponseAsync(frozen.Messages, frozen.Options)).Text, Is.EqualTo(judge.Output.Single().Text));
    }

    private static BudgetRig Judged(double score, Action<TraceStoreOptions>? traces = null, Action<TracingOptions>? tracing = null, string draft = "draft") =>
        Judged(new ScriptedChatClient((_, request) => ScriptedAnswer.Text(Reply(request, score))), traces, tracing, draft);

    private static BudgetRig Judged(
        IChatClient judge, Action<TraceStoreOptions>? traces = null, Action<TracingOptions>? tracing = null, string draft = "draft", Action<LlmPipelineBuilder>? inside = null, ManualTimeProvider? clock = null) => new(
        builder =>
        {
            builder.AddPriced("small", ScriptedAnswer.Text(draft)).AddPriced("strong", ScriptedAnswer.Text("from strong")).AddPriced("judge", judge)
                .WithTraces(options =>
                {
                    options.Content = true;
                    traces?.Invoke(options);
                })
                .UseTracing(tracing).UseRouter(router => router.Cascade("small", "strong").Verify(DraftChecks.Judge("judge")));
            inside?.Invoke(builder);
        },
        time: clock);

    private static void Content(TraceStoreOptions options) => options.Content = true;

    private static LlmTraces Traces(BudgetRig rig) => rig.Services.GetRequiredService<LlmTraces>();

    private static async Task<TraceRecord> SingleAsync(BudgetRig rig, string purpose) => await FindAsync(rig, purpose) ?? throw new InvalidOperationException($"There is no record of a '{purpose}'.");

    private static async Task<TraceRecord?> FindAsync(BudgetRig rig, string purpose) =>
        (await Traces(rig).ListAsync(new() { Purpose = purpose })).Traces.SingleOrDefault() is { } found ? await Traces(rig).GetAsync(found.Id) : null;

    private static async Task<int> ExportedAsync(LlmTraces traces, TraceQuery query)
    {
        using var stream = new MemoryStream();
        return await traces.ExportDatasetAsync(query, stream);
    }

    private static string Reply(ScriptedRequest request, double score)
    {
        var text = request.Messages[0].Text;
        var mark = text[(text.IndexOf("\"mark\": \"", StringComparison.Ordinal) + 9)..][..12];
        return FormattableString.Invariant($$"""{"mark": "{{mark}}", "score": {{score}}}""");
    }

    /// <summary>Asks another model in a stream before it asks its own.</summary>
    private sealed class AsideClient(IChatClient inner, IChatClient aside, bool isLeft) : DelegatingChatClient(inner)
    {
        public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            await AsideAsync(options);
            return await base.GetResponseAsync(messages, options, cancellationToken);
        }

        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await AsideAsync(options);
            await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
                yield return update;
        }

        private async Task AsideAsync(ChatOptions? options)
        {
            Assert.That(LlmCall.TryGet(options, out var call));
            await foreach (var update in aside.GetStreamingResponseAsync("quietly", call!.Child("aside")))
            {
                if (isLeft)
                    return;
            }
        }
    }
}
