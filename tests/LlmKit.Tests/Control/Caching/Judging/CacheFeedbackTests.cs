using LlmKit.Control.Caching;
using LlmKit.Testing;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching.Judging;

public sealed class CacheFeedbackTests
{
    private const string Question = "How do refunds work?";
    private const string Paraphrase = "How does a refund work?";

    [Test]
    public async Task Record_AHitWasWrong_IsDroppedAndNotServedAgain([Values] bool streamed)
    {
        var bench = new CacheBench(composed: true, cache => (cache.Embedder, cache.MinSimilarity) = (ScriptedEmbedder.Blurred(), 0.9), Repeating());
        await bench.AskAsync(Question, streamed);
        var (_, hit) = await bench.AskAsync(Paraphrase, streamed);

        var known = await bench.Feedback.RecordAsync(hit.Id, 0, "wrong");
        var (_, again) = await bench.AskAsync(Paraphrase, streamed);

        Assert.That(CacheBench.Step(hit).Decision, Is.EqualTo("hit"));
        Assert.That(known, Is.True);
        Assert.That(CacheBench.Step(again).Decision, Is.EqualTo("miss"));
    }

    [Test]
    public async Task Record_AHitWasWrong_ItsQuestionGetsItsAnswerBackAndTheOtherNeverDoes()
    {
        var bench = new CacheBench(composed: true, cache => (cache.Embedder, cache.MinSimilarity) = (ScriptedEmbedder.Blurred(), 0.9), Repeating());
        await bench.AskAsync(Question);
        var (_, hit) = await bench.AskAsync(Paraphrase);
        await bench.Feedback.RecordAsync(hit.Id, 0);

        await bench.AskAsync(Question);
        var (_, own) = await bench.AskAsync(Question);
        var (_, other) = await bench.AskAsync(Paraphrase);

        Assert.That(CacheBench.Step(own).Decision, Is.EqualTo("hit"));
        Assert.That(CacheBench.Step(other).Decision, Is.EqualTo("miss"));
    }

    [Test]
    public async Task Record_AFreshAnswerWasWrong_IsNotStoredInTheSameWords()
    {
        var bench = new CacheBench(composed: true, model: Repeating());
        var (_, first) = await bench.AskAsync(Question);

        await bench.Feedback.RecordAsync(first.Id, 0.2);
        var (_, second) = await bench.AskAsync(Question);

        Assert.That(CacheBench.Step(second).Decision, Is.EqualTo("miss"));
        Assert.That(second.Steps.OfType<CacheStep>().Last(), Has.Property("Decision").EqualTo("not stored").And.Property("Reason").EqualTo("the answer was said to be wrong before"));
    }

    [Test]
    public async Task Record_AGoodAnswer_Stays()
    {
        var bench = new CacheBench(composed: true, model: Repeating());
        var (_, first) = await bench.AskAsync(Question);

        Assert.That(await bench.Feedback.RecordAsync(first.Id, 1), Is.True);
        Assert.That(CacheBench.Step((await bench.AskAsync(Question)).Call).Decision, Is.EqualTo("hit"));
    }

    [Test]
    public async Task Record_AnUnknownCall_IsUnknown() => Assert.That(await new CacheBench(composed: true).Feedback.RecordAsync("nobody", 0), Is.False);

    [TestCase("", 0)]
    [TestCase("id", -0.1)]
    [TestCase("id", 1.1)]
    [TestCase("id", double.NaN)]
    public void Record_Nonsense_IsRefused(string id, double score) =>
        Assert.That(async () => await new LlmFeedback().RecordAsync(id, score), Throws.InstanceOf<ArgumentException>());

    private static ScriptedChatClient Repeating() => new(ScriptedAnswer.Text("Always the same."));
}
