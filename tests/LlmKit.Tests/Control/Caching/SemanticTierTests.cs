using LlmKit.Calls;
using LlmKit.Control.Caching;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching;

[TestFixture(false)]
[TestFixture(true)]
public class SemanticTierTests(bool composed)
{
    private const string Question = "How do I reset my password?";
    private const string Paraphrase = "How can I reset the password?";

    [Test]
    public async Task GetResponse_OtherWording_HitsWithItsSimilarity([Values] bool stored, [Values] bool streamed)
    {
        var bench = Bench(ScriptedEmbedder.Blurred(), 0.9);
        await bench.AskAsync(Question, stored);

        var (text, call) = await bench.AskAsync(Paraphrase, streamed);

        var step = CacheBench.Step(call);
        Assert.That(text, Is.EqualTo("answer 0"));
        Assert.That(step.Tier, Is.EqualTo(CacheTier.Semantic));
        Assert.That(step.Similarity, Is.EqualTo(1).Within(1e-6));
        Assert.That(step.Threshold, Is.EqualTo(0.9));
        Assert.That(call.Marks, Is.EqualTo(AnswerMarks.Cached));
    }

    [Test]
    public async Task GetResponse_SameQuestionThatWasNotKept_IsEmbeddedOnce()
    {
        var embedder = ScriptedEmbedder.Blurred();
        var bench = Bench(embedder, 0.9);
        var notKept = new LlmCallOptions { Cache = LlmCacheDirectives.NoWrite };

        await bench.AskAsync(Question, options: notKept);
        await bench.AskAsync(Question, options: notKept);
        await bench.AskAsync(Paraphrase, options: notKept);

        Assert.That(embedder.Asked, Is.EqualTo(2));
        Assert.That(bench.Asked, Is.EqualTo(3));
    }

    [Test]
    public async Task GetResponse_EmbedderThatDeclaresItsThreshold_ServesFromItOn([Values] bool streamed)
    {
        var bench = new CacheBench(composed, cache => cache.Embedder = new LexicalEmbeddingGenerator());
        await bench.AskAsync("What are the opening hours of the shop in Berlin?", streamed);

        var (text, near) = await bench.AskAsync("what are the opening hours of the shop in Berlin", streamed);
        var (_, far) = await bench.AskAsync("When does the shop in Berlin open?", streamed);

        Assert.That(text, Is.EqualTo("answer 0"));
        Assert.That(CacheBench.Step(near), Has.Property("Tier").EqualTo(CacheTier.Semantic).And.Property("Threshold").GreaterThan(0.9));
        Assert.That(CacheBench.Step(far).Decision, Is.EqualTo("miss"));
    }

    [Test]
    public async Task GetResponse_EmbedderBlindForOrder_HasTheOrderCompared()
    {
        var bench = new CacheBench(composed, cache => cache.Embedder = new LexicalEmbeddingGenerator());
        await bench.AskAsync("Does the parcel arrive before the invoice is paid?");

        var (_, call) = await bench.AskAsync("Does the invoice arrive before the parcel is paid?");

        Assert.That(CacheBench.Step(call).Decision, Is.EqualTo("miss"));
    }

    [Test]
    public async Task GetResponse_EqualRequest_NeedsNoEmbedding()
    {
        var embedder = ScriptedEmbedder.Blurred();
        var bench = Bench(embedder, 0.9);

        await bench.AskAsync(Question);
        await bench.AskAsync(Question);

        Assert.That(embedder.Asked, Is.EqualTo(1));
    }

    [TestCase(0.61, ExpectedResult = 2)]
    [TestCase(0.59, ExpectedResult = 1)]
    public async Task<int> GetResponse_OtherWording_HitsFromTheThresholdOn(double threshold)
    {
        var bench = Bench(new(text => text == Question ? [1, 0] : [0.6f, 0.8f]), threshold);

        await bench.AskAsync(Question);
        await bench.AskAsync(Paraphrase);

        return bench.Asked;
    }

    [Test]
    public async Task GetResponse_NoThresholdDeclared_OnlyRecordsWhatItWouldServe([Values] bool streamed)
    {
        var bench = Bench(ScriptedEmbedder.Blurred(), null);
        await bench.AskAsync(Question, streamed);

        var (text, call) = await bench.AskAsync(Paraphrase, streamed);

        Assert.That(text, Is.EqualTo("answer 1"));
        Assert.That((CacheStep)call.Steps[0], Has.Property("Decision").EqualTo("hit").And.Property("Observed").True.And.Property("Tier").EqualTo(CacheTier.Semantic));
        Assert.That(call.Marks, Is.EqualTo(AnswerMarks.None));
    }

    [Test]
    public async Task GetResponse_Observing_ServesNoSimilarAnswer()
    {
        var bench = Bench(ScriptedEmbedder.Blurred(), 0.9, options => options.Observe = true);
        await bench.AskAsync(Question);

        var (text, call) = await bench.AskAsync(Paraphrase);

        Assert.That(text, Is.EqualTo("answer 1"));
        Assert.That(call.Steps[0].Observed, Is.True);
    }

    [Test]
    public async Task GetResponse_GuardForbidsTheNearest_TriesTheNext()
    {
        var bench = Bench(new(text => text.Contains("2016") || text.Contains("earned") ? [1, 0.1f] : [1, 0]), 0.9);
        await bench.AskAsync("What did Netflix earn in 2015?");
        await bench.AskAsync("What did Netflix earn in 2016?");

        var (text, call) = await bench.AskAsync("What has Netflix earned in 2015?");

        Assert.That(text, Is.EqualTo("answer 0"));
        Assert.That(CacheBench.Step(call).Similarity, Is.EqualTo(0.995).Within(0.001));
        Assert.That(CacheBench.Step(call).Vetoes, Is.EqualTo(new[] { "numbers" }));
    }

    [Test]
    public async Task GetResponse_EveryCandidateForbidden_MissesAndNamesTheGuards()
    {
        var bench = Bench(ScriptedEmbedder.Blurred(), 0.9);
        await bench.AskAsync("Pay 35 pounds");

        var (text, call) = await bench.AskAsync("Pay 50 pounds");

        Assert.That(text, Is.EqualTo("answer 1"));
        Assert.That(CacheBench.Step(call).Vetoes, Is.EqualTo(new[] { "numbers" }));
    }

    private static readonly float[][] BadVectors = [[float.NaN, 1], [0, 0], [float.PositiveInfinity, 0], [1, 0, 0], []];

    [TestCaseSource(nameof(BadVectors))]
    public async Task GetResponse_UselessVector_MissesAndAnswers(params float[] bad)
    {
        var bench = Bench(new(text => text == Question ? [1, 0] : bad, dimensions: 2), 0.5);
        await bench.AskAsync(Question);

        var (text, call) = await bench.AskAsync(Paraphrase);

        Assert.That(text, Is.EqualTo("answer 1"));
        Assert.That(CacheBench.Step(call).Reason, Does.Contain("embed"));
    }

    [Test]
    public async Task GetResponse_VectorsOfTwoLengths_NeverMeet()
    {
        var bench = Bench(new(text => text == Question ? [1, 0] : [1, 0, 0]), 0.5);
        await bench.AskAsync(Question);

        Assert.That((await bench.AskAsync(Paraphrase)).Text, Is.EqualTo("answer 1"));
    }

    [Test]
    public async Task GetResponse_EmbedderFails_AnswersAndStillHitsExactly([Values] bool streamed)
    {
        var bench = Bench(new((_, _) => throw new InvalidOperationException("secret")), 0.9);

        var (_, call) = await bench.AskAsync(Question, streamed);
        var (text, _) = await bench.AskAsync(Question, streamed);

        Assert.That(text, Is.EqualTo("answer 0"));
        Assert.That(CacheBench.Step(call).Reason, Is.EqualTo("the embedding failed (InvalidOperationException)"));
    }

    [Test]
    public async Task GetResponse_EmbedderHangs_AnswersAfterTheTimeLimit([Values] bool deaf)
    {
        var bench = Bench(new((_, token) => Task.Delay(Timeout.Infinite, deaf ? CancellationToken.None : token).ContinueWith(_ => new float[] { 1 }, token)), 0.9);

        var asking = bench.AskAsync(Question);
        Assert.That(asking.IsCompleted, Is.False);
        bench.Time.Advance(TimeSpan.FromSeconds(2));
        var (text, call) = await asking;

        Assert.That(text, Is.EqualTo("answer 0"));
        Assert.That(CacheBench.Step(call).Reason, Is.EqualTo("the embedding took too long"));
        Assert.That(bench.Time.ActiveTimers, Is.Zero);
    }

    [Test]
    public void GetResponse_CancelledWhileEmbedding_Cancels()
    {
        using var cancel = new CancellationTokenSource();
        var bench = Bench(new((_, _) => new TaskCompletionSource<float[]>().Task), 0.9);

        var asking = bench.Client.GetResponseAsync(Question, cancellationToken: cancel.Token);
        cancel.Cancel();

        Assert.That(async () => await asking, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(bench.Asked, Is.Zero);
    }

    [Test]
    public async Task GetResponse_FollowUpInAnotherConversation_Misses()
    {
        var bench = Bench(ScriptedEmbedder.Blurred(), 0.5);
        ChatMessage[] About(string country) => [new(ChatRole.User, $"Tell me about {country}"), new(ChatRole.Assistant, "Gladly"), new(ChatRole.User, "And its population?")];

        await bench.AskAsync(About("France"));
        var (text, _) = await bench.AskAsync(About("Spain"));

        Assert.That(text, Is.EqualTo("answer 1"));
    }

    [TestCase("u1", "u1", ExpectedResult = 1)]
    [TestCase("u1", "u2", ExpectedResult = 2)]
    [TestCase("u1", null, ExpectedResult = 2)]
    public async Task<int> GetResponse_SimilarRequestOfAUser_HitsForThatUserOnly(string first, string? second)
    {
        var bench = Bench(ScriptedEmbedder.Blurred(), 0.5);

        await bench.AskAsync(Question, options: new() { User = first });
        await bench.AskAsync(Paraphrase, options: new() { User = second });

        return bench.Asked;
    }

    private CacheBench Bench(ScriptedEmbedder embedder, double? threshold, Action<SemanticCacheOptions>? configure = null) => new(composed, options =>
    {
        options.Embedder = embedder;
        options.MinSimilarity = threshold;
        configure?.Invoke(options);
    });
}
