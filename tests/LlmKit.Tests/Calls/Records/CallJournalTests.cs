using System.Diagnostics.Metrics;
using LlmKit.Calls;
using LlmKit.Models;
using NUnit.Framework;

namespace LlmKit.Tests.Calls.Records;

public sealed class CallJournalTests
{
    private readonly CallJournal _journal = new();

    [Test]
    public void Add_StepsBeyondTheBound_AreDroppedAndCounted()
    {
        var dropped = 0L;
        using var meters = new MeterListener();
        meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "llmkit.call.steps.dropped")
                listener.EnableMeasurementEvents(instrument);
        };
        meters.SetMeasurementEventCallback<long>((_, count, _, _) => dropped += count);
        meters.Start();

        for (var i = 0; i < CallJournal.MostSteps + 3; i++)
            _journal.Add(new("router", $"decision {i}"));

        Assert.That(_journal.Steps, Has.Count.EqualTo(CallJournal.MostSteps));
        Assert.That(_journal.Steps[^1].Decision, Is.EqualTo($"decision {CallJournal.MostSteps - 1}"));
        Assert.That(dropped, Is.EqualTo(3));
    }

    [Test]
    public async Task WhenSettled_AttemptsThatEndOrNeverWere_EndsWithTheLast()
    {
        _journal.BeginAttempt();
        _journal.BeginAttempt();
        var settled = _journal.WhenSettled;

        _journal.ForgetAttempt();
        Assert.That(settled.IsCompleted, Is.False);
        _journal.EndAttempt(new() { Model = "small" }, Money.FromUsd(0.5m));

        await settled;
        Assert.That(_journal.Pending, Is.Zero);
        Assert.That(_journal.Cost.ToUsd(), Is.EqualTo(0.5m));
        Assert.That(_journal.Attempts, Has.Length.EqualTo(1));
    }

    [Test]
    public void WhenSettled_AnotherAttemptAfterTheLastWasSettled_WaitsForThatOneToo()
    {
        _journal.BeginAttempt();
        var first = _journal.WhenSettled;
        _journal.ForgetAttempt();
        _journal.BeginAttempt();

        var second = _journal.WhenSettled;

        Assert.That(first.IsCompleted, Is.True);
        Assert.That(second.IsCompleted, Is.False);
        _journal.ForgetAttempt();
        Assert.That(second.IsCompleted, Is.True);
    }
}
