using LlmKit.Calls;
using LlmKit.Control.Caching;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching.Judging;

[TestFixture(false)]
[TestFixture(true)]
public sealed class CacheShadowTests(bool streamed)
{
    private const string Question = "How do refunds work?";
    private const string Paraphrase = "How does a refund work?";

    [Test]
    public async Task Ask_AHitThatIsChecked_IsServedAndPaidOnALineOfItsOwn()
    {
        using var rig = Rig();
        await AskAsync(rig, Question);

        var hit = await AskAsync(rig, Paraphrase);
        await hit.Call!.WhenSettled;

        Assert.That(hit.Text, Is.EqualTo("answer 0"));
        Assert.That(hit.Call.Attempts.Select(attempt => attempt.Purpose), Is.EqualTo(new[] { "embedding", "shadow" }));
        Assert.That(hit.Call.Attempts[1].Cost, Is.GreaterThan(0));
        Assert.That(rig.Reserved("all"), Is.Zero);
        await ManualTimeExtensions.UntilAsync(() => Cache(rig).GetStatistics().CheckedHits == 1);
        Assert.That(Cache(rig).GetStatistics(), Has.Property("WrongHits").EqualTo(1).And.Property("WrongHitRateLower").GreaterThan(0.02));
    }

    [Test]
    public async Task Ask_ACheckedHitWasWrong_RaisesTheThresholdUntilOnlyKeysHit()
    {
        using var rig = Rig();
        await AskAsync(rig, Question);
        await CheckedAsync(rig, Paraphrase, 1);

        var later = await AskAsync(rig, "How would refunds work?");
        var exact = await AskAsync(rig, Question);

        Assert.That(Cache(rig).GetStatistics().Threshold, Is.GreaterThan(1));
        Assert.That(later.Call!.Steps.OfType<CacheStep>().First().Decision, Is.EqualTo("miss"));
        Assert.That(exact.Decisions[0], Is.EqualTo("hit"));
    }

    [Test]
    public async Task Ask_CheckedHitsWereRight_LeavesTheThreshold()
    {
        using var rig = Rig(AnswerChecks.Of((_, _) => new(AnswerAgreement.Agrees)));
        await AskAsync(rig, Question);
        for (var i = 1; i <= 5; i++)
            await CheckedAsync(rig, $"How does a {new string('x', i)} refund work?", i);

        Assert.That(Cache(rig).GetStatistics(), Has.Property("Threshold").EqualTo(0.9).And.Property("WrongHits").Zero.And.Property("WrongHitRateUpper").LessThan(1));
    }

    [Test]
    public async Task Ask_MeasuringOnly_LeavesTheThreshold()
    {
        using var rig = Rig(configure: cache => cache.MaxWrongHitRate = null);
        await AskAsync(rig, Question);
        await CheckedAsync(rig, Paraphrase, 1);

        Assert.That(Cache(rig).GetStatistics().Threshold, Is.EqualTo(0.9));
    }

    [Test]
    public async Task Ask_TheCheckFails_DecidesNothing()
    {
        using var rig = Rig(AnswerChecks.Of((_, _) => throw new InvalidOperationException("secret")));
        await AskAsync(rig, Question);

        var hit = await AskAsync(rig, Paraphrase);
        await hit.Call!.WhenSettled;

        Assert.That(hit.Error, Is.Null);
        Assert.That(Cache(rig).GetStatistics(), Has.Property("CheckedHits").Zero.And.Property("Threshold").EqualTo(0.9));
    }

    [Test]
    public async Task Ask_EqualRequest_IsNotChecked()
    {
        using var rig = Rig();
        await AskAsync(rig, Question);

        var hit = await AskAsync(rig, Question);
        await hit.Call!.WhenSettled;

        Assert.That(hit.Call.Attempts, Is.Empty);
    }

    [TestCase("SAME", 0)]
    [TestCase("different.", 1)]
    [TestCase("SAME, because the text says so", null)]
    public async Task Ask_WithAJudge_CountsItsVerdictAndItsCost(string verdict, int? wrong)
    {
        var judge = new ScriptedChatClient(ScriptedAnswer.Text(verdict));
        using var rig = Rig(AnswerChecks.Judge("judge"), more: builder => builder.AddPriced("judge", judge));
        await AskAsync(rig, Question);

        var hit = await AskAsync(rig, Paraphrase);
        await hit.Call!.WhenSettled;
        await ManualTimeExtensions.UntilAsync(() => judge.Requests.Count == 1 && hit.Call.PendingAttempts == 0);

        Assert.That(hit.Call.Attempts.Select(attempt => attempt.Purpose), Is.EqualTo(new[] { "embedding", "shadow", "judge" }));
        Assert.That(judge.Requests[0].Messages[1].Text, Does.Contain("\"first\":\"answer 0\"").And.Contain("\"second\":\"answer 1\""));
        await ManualTimeExtensions.UntilAsync(() => Cache(rig).GetStatistics().CheckedHits == (wrong is null ? 0 : 1));
        Assert.That(Cache(rig).GetStatistics().WrongHits, Is.EqualTo(wrong ?? 0));
    }

    [TestCase("o3", null)]
    [TestCase("gpt-4o", 0f)]
    public async Task Ask_WithAJudgeThatTakesNoTemperature_SendsItNone(string modelId, float? temperature)
    {
        var judge = new ScriptedChatClient((_, _) => ScriptedAnswer.Text("SAME"), modelId: modelId);
        using var rig = Rig(AnswerChecks.Judge("judge"), more: builder => builder.AddPriced("judge", judge));
        await AskAsync(rig, Question);

        var hit = await AskAsync(rig, Paraphrase);
        await hit.Call!.WhenSettled;
        await ManualTimeExtensions.UntilAsync(() => judge.Requests.Count == 1 && hit.Call.PendingAttempts == 0);

        Assert.That(judge.Requests[0].Options!.Temperature, Is.EqualTo(temperature));
    }

    [Test]
    public async Task Ask_WithALimitOnCost_CountsTheCheckThatGoesOnAfterTheCall()
    {
        using var rig = Rig(more: builder => builder.WithConstraints(constraints => constraints.CostPerCall = 1_000_000));
        await AskAsync(rig, Question);

        var hit = await AskAsync(rig, Paraphrase);
        await hit.Call!.WhenSettled;

        await ManualTimeExtensions.UntilAsync(() => hit.Call.Constraints.Single().Actual == hit.Call.Cost);
        Assert.That(hit.Call.Attempts.Select(attempt => attempt.Purpose), Does.Contain("shadow"));
        Assert.That(hit.Call.Constraints.Single().Actual, Is.GreaterThan(0));
    }

    [Test]
    public void Build_JudgeThatIsNoModel_IsRefused() => Assert.That(
        () => Rig(AnswerChecks.Judge("nobody")).Chat, Throws.InstanceOf<LlmConfigurationException>().With.Message.Contain("nobody"));

    private static BudgetRig Rig(IAnswerCheck? check = null, Action<SemanticCacheOptions>? configure = null, Action<LlmPipelineBuilder>? more = null) => new(builder =>
    {
        builder.AddPriced("model", new ScriptedChatClient((number, _) => ScriptedAnswer.Text($"answer {number}")));
        more?.Invoke(builder);
        builder.UseBudget(budget => budget.Global("all", 1_000_000, BudgetWindow.Lifetime)).UseSemanticCache(cache =>
        {
            (cache.Embedder, cache.MinSimilarity) = (new FreeEmbedder(), 0.9);
            (cache.ShadowShare, cache.AnswerCheck) = (1, check ?? AnswerChecks.SameText);
            configure?.Invoke(cache);
        }).UseRouter();
    });

    private static LlmCache Cache(BudgetRig rig) => rig.Chat.GetService<LlmCache>()!;

    private async Task CheckedAsync(BudgetRig rig, string question, int checks)
    {
        Assert.That((await AskAsync(rig, question)).Decisions[0], Is.EqualTo("hit"));
        await ManualTimeExtensions.UntilAsync(() => Cache(rig).GetStatistics().CheckedHits == checks);
    }

    private Task<Outcome> AskAsync(BudgetRig rig, string question) => Outcome.OfAsync(rig.Chat, streamed, BudgetRig.Call(), question);

    /// <summary>An embedder of a model that the catalogue knows, to which all texts look alike.</summary>
    private sealed class FreeEmbedder : IEmbeddingGenerator<string, Embedding<float>>
    {
        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(_ => new Embedding<float>(new[] { 1f, 0f }))));

        public object? GetService(Type serviceType, object? serviceKey = null) =>
            serviceType == typeof(EmbeddingGeneratorMetadata) ? new EmbeddingGeneratorMetadata("openai", null, "text-embedding-3-small", 2) : null;

        public void Dispose()
        {
        }
    }
}
