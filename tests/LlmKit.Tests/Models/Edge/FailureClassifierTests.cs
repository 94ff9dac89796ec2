using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using NUnit.Framework;

namespace LlmKit.Tests.Models.Edge;

/// <summary>What a classifier of the user's may do.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class FailureClassifierTests(bool streamed)
{
    private readonly Exception _busy = Support.Failures.Http(503);
    private readonly RecordingLedger _ledger = new();

    private static IEnumerable<TimeSpan> Unbelievable =>
        [TimeSpan.FromTicks(-1), TimeSpan.MinValue, TimeSpan.FromDays(30) + TimeSpan.FromTicks(1), TimeSpan.MaxValue, Timeout.InfiniteTimeSpan];

    private static IEnumerable<TimeSpan> Believable => [TimeSpan.Zero, TimeSpan.FromSeconds(7), TimeSpan.FromDays(30)];

    [Test]
    public async Task Ask_ClassifierThrows_CountsAsNotRecognised()
    {
        using var host = Host(ScriptedAnswer.Throws(_busy), _ => throw new InvalidOperationException("secret"));

        var exception = await host.Chat.FailAsync(streamed);

        Assert.That(exception, Is.SameAs(_busy));
        Assert.That(exception.GetModelFailure(), Is.EqualTo(new ModelFailure { Kind = ModelFailureKind.Overloaded, Status = 503, Model = "model" }));
        Assert.That(exception.GetCall()!.PendingAttempts, Is.Zero);
        Assert.That(_ledger.Holds.Single().IsReleased, Is.True);
    }

    [Test]
    public async Task Ask_ClassifierThrows_IsLoggedOnceByItsTypeOnly()
    {
        using var host = Host(ScriptedAnswer.Throws(_busy), _ => throw new InvalidOperationException("secret"));

        await host.Chat.FailAsync(streamed);

        Assert.That(host.Logs.Messages.Where(message => message.Contains("ClassifyFailure", StringComparison.Ordinal)).ToList(),
            Has.Count.EqualTo(1).And.All.Contains("'model'").And.All.Contains(nameof(InvalidOperationException)));
        Assert.That(host.Logs.Messages, Has.None.Contains("secret"));
    }

    [Test]
    public async Task Ask_ClassifierThrowsAfterText_SettlesWhatWasSeen()
    {
        using var host = Host(new ScriptedAnswer { Chunks = ["Par"], Failure = new IOException("cut"), FailAfterChunks = 1 }, _ => throw new InvalidOperationException("secret"));

        var exception = await host.Chat.FailAsync(streamed);

        Assert.That(exception, Is.InstanceOf<IOException>());
        Assert.That(exception.GetCall()!.PendingAttempts, Is.Zero);
        Assert.That(_ledger.Holds.Single().Settled, Is.GreaterThan(0));
    }

    [Test]
    public async Task Ask_ClassifierThrowsAndTheModelRecovers_IsRepeated()
    {
        var model = new ScriptedChatClient((number, _) => number < 2 ? ScriptedAnswer.Throws(_busy) : ScriptedAnswer.Text("Paris"));
        using var host = PipelineHost.For(
            model,
            builder => builder.UseLedger(_ledger).UseResilience(),
            options => options.ClassifyFailure = _ => throw new InvalidOperationException("secret"));

        var (response, call) = await host.Clock.FinishAsync(host.Chat.AskAsync(streamed));

        Assert.That(response.Text, Is.EqualTo("Paris"));
        Assert.That(call.Attempts.Select(attempt => attempt.Failure?.Kind), Is.EqualTo(new ModelFailureKind?[] { ModelFailureKind.Overloaded, ModelFailureKind.Overloaded, null }));
        Assert.That(call.PendingAttempts, Is.Zero);
        Assert.That(_ledger.Holds.Select(hold => hold.Ends), Is.All.EqualTo(1));
    }

    [Test]
    public async Task Ask_SeveralClassifiers_TheFirstThatRecognisesItDecides()
    {
        Func<Exception, ModelFailure?> all = _ => null;
        all += _ => throw new InvalidOperationException("secret");
        all += _ => new() { Kind = ModelFailureKind.QuotaExhausted };
        all += _ => new() { Kind = ModelFailureKind.InvalidRequest };
        using var host = Host(ScriptedAnswer.Throws(_busy), all);

        var exception = await host.Chat.FailAsync(streamed);

        Assert.That(exception.GetModelFailure()!.Kind, Is.EqualTo(ModelFailureKind.QuotaExhausted));
    }

    [TestCaseSource(nameof(Unbelievable))]
    public async Task Ask_ClassifierAsksForAWaitBeyondBelief_IsDropped(TimeSpan wait) =>
        Assert.That(await WaitAsync(wait), Is.Null);

    [TestCaseSource(nameof(Believable))]
    public async Task Ask_ClassifierAsksForAWait_IsKept(TimeSpan wait) =>
        Assert.That(await WaitAsync(wait), Is.EqualTo(wait));

    private async Task<TimeSpan?> WaitAsync(TimeSpan wait)
    {
        using var host = Host(ScriptedAnswer.Throws(_busy), _ => new() { Kind = ModelFailureKind.Overloaded, RetryAfter = wait });

        return (await host.Chat.FailAsync(streamed)).GetModelFailure()!.RetryAfter;
    }

    private PipelineHost Host(ScriptedAnswer answer, Func<Exception, ModelFailure?> classify) =>
        PipelineHost.For(answer, builder => builder.UseLedger(_ledger), options => options.ClassifyFailure = classify);
}
