using LlmKit.Calls;
using LlmKit.Execution.Resilience;
using LlmKit.Models;
using LlmKit.Simulator.Faults;
using NUnit.Framework;
using static LlmKit.Integration.Tests.Execution.Course;

namespace LlmKit.Integration.Tests.Execution;

/// <summary>Every fault that the simulator knows, over both SDKs, plain and streamed: what the caller sees, and what is left behind.</summary>
[TestFixture(true, false, TestName = "OpenAI, plain")]
[TestFixture(true, true, TestName = "OpenAI, streamed")]
[TestFixture(false, false, TestName = "Anthropic, plain")]
[TestFixture(false, true, TestName = "Anthropic, streamed")]
public sealed class FaultTableTests(bool openAI, bool streamed)
{
    // Ends a test that hangs; no outcome depends on it.
    private const int Patience = 120_000;

    private static IEnumerable<TestCaseData> Cases => FaultTable.Cases.Select(line => new TestCaseData(line).SetArgDisplayNames($"{line}"));

    [TestCaseSource(nameof(Cases)), CancelAfter(Patience)]
    public async Task Ask_FaultOnce_TakesItsCourse(FaultCase line, CancellationToken token)
    {
        var course = line.For(openAI, streamed).Course;
        await using var rig = await FaultRig.StartAsync(line, openAI, once: true);

        var seen = await rig.AskAsync(streamed, ShownOf(line), token);

        await AssertQuietAsync(line, rig, seen.Call, token);
        AssertSeen(line, seen, isAnswer: course is Answer or Retry);
        Assert.That(rig.FirstRequests, Is.EqualTo(course == Retry ? 2 : 1));
        AssertFailures(line, seen.Call, failed: course == Answer ? 0 : 1);
    }

    [TestCaseSource(nameof(Cases)), CancelAfter(Patience)]
    public async Task Ask_FaultAlways_GoesToTheNextModelWhereItMay(FaultCase line, CancellationToken token)
    {
        var course = line.For(openAI, streamed).Course;
        var tries = course == Retry ? 1 + FaultRig.MaxRetries : 1;
        await using var rig = await FaultRig.StartAsync(line, openAI, once: false);

        var seen = await rig.AskAsync(streamed, ShownOf(line), token);

        await AssertQuietAsync(line, rig, seen.Call, token);
        AssertSeen(line, seen, isAnswer: course is Answer or Retry or NextModel);
        Assert.That(rig.FirstRequests, Is.EqualTo(tries));
        Assert.That(rig.SecondRequests, Is.EqualTo(course is Retry or NextModel ? 1 : 0));
        Assert.That(seen.Call.Marks.HasFlag(AnswerMarks.Fallback), Is.EqualTo(course is Retry or NextModel));
        AssertFailures(line, seen.Call, failed: course == Answer ? 0 : tries);
    }

    private string ShownOf(FaultCase line) => line.For(openAI, streamed).Course == ThrowAfterText ? line.Shown : "";

    private void AssertSeen(FaultCase line, Seen seen, bool isAnswer)
    {
        Assert.That(seen.Text, Is.EqualTo(isAnswer ? line.Text : ShownOf(line)), seen.Exception?.ToString());
        Assert.That(seen.Exception, isAnswer ? Is.Null : Is.Not.Null.And.Not.InstanceOf<AttemptsExhaustedException>());
        Assert.That(seen.FinishReason, isAnswer ? Is.Not.Null : Is.Null);
        Assert.That(seen.Call.Status, Is.EqualTo(isAnswer ? CallStatus.Completed : CallStatus.Failed));
        if (isAnswer)
            return;
        Assert.That(seen.Exception!.GetCall(), Is.SameAs(seen.Call));
        AssertFailure(line, seen.Exception!.GetModelFailure());
    }

    /// <summary>Every failed attempt is classified alike, is the first model's, and is waited for as the provider asks.</summary>
    private void AssertFailures(FaultCase line, LlmCall call, int failed)
    {
        var failures = call.Attempts.Select(attempt => attempt.Failure).OfType<ModelFailure>().ToList();
        Assert.That(failures, Has.Count.EqualTo(failed));
        foreach (var failure in failures)
            AssertFailure(line, failure);

        var waits = call.Steps.OfType<ResilienceStep>().Where(step => step.Decision == "retry").Select(step => step.Wait).ToList();
        Assert.That(waits, Has.Count.EqualTo(line.For(openAI, streamed).Course == Retry ? Math.Min(failed, FaultRig.MaxRetries) : 0));
        for (var i = 0; i < waits.Count; i++)
            Assert.That(waits[i], Is.EqualTo(line.RetryAfter ?? FaultRig.BaseDelay * Math.Pow(2, i)));
    }

    private void AssertFailure(FaultCase line, ModelFailure? failure)
    {
        var expected = line.For(openAI, streamed);
        Assert.That(failure?.Kind, Is.EqualTo(expected.Kind));
        Assert.That(failure!.Status, Is.EqualTo(expected.Status));
        Assert.That(failure.RetryAfter, Is.EqualTo(line.RetryAfter));
        Assert.That(failure.Model, Is.EqualTo("first"));
    }

    /// <summary>Nothing is open or held any more, what was spent is booked once and in full, and only what passes counts against the model's health.</summary>
    private async Task AssertQuietAsync(FaultCase line, FaultRig rig, LlmCall call, CancellationToken token)
    {
        await rig.SettleAsync(token);
        var balance = await rig.BalanceAsync();

        Assert.That(balance.Spent.Money.ToUsd(), Is.EqualTo(call.Cost).And.GreaterThanOrEqualTo(rig.Bill));
        Assert.That(balance.Reserved, Is.EqualTo(Expense.None));
        Assert.That(call.PendingAttempts, Is.Zero);
        Assert.That(call.Attempts, Has.Count.EqualTo(rig.FirstRequests + rig.SecondRequests));
        Assert.That(rig.IsFirstUnwell, Is.EqualTo(line.For(openAI, streamed).Course is Retry or ThrowAfterText));
    }
}
