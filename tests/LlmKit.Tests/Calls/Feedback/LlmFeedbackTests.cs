using LlmKit.Calls;
using NUnit.Framework;

namespace LlmKit.Tests.Calls;

public sealed class LlmFeedbackTests
{
    private readonly LlmFeedback _feedback = new();

    [Test]
    public void RecordAsync_AListenerThatThrows_StopsNoOther()
    {
        var (first, last) = (new Listener(), new Listener());
        _feedback.Add(first);
        _feedback.Add(new Listener { Fails = new IOException("the disk is full") });
        _feedback.Add(new Listener { Fails = new TimeoutException() });
        _feedback.Add(last);

        Assert.That(async () => await _feedback.RecordAsync("call", 0.5, "vague"), Throws.InstanceOf<IOException>().With.Message.EqualTo("the disk is full"));

        Assert.That((first.Heard, last.Heard), Is.EqualTo((new Feedback("call", 0.5, "vague"), new Feedback("call", 0.5, "vague"))));
    }

    [Test]
    public async Task RecordAsync_OneThatKnowsTheCall_IsEnough()
    {
        _feedback.Add(new Listener { Knows = true });
        _feedback.Add(new Listener());

        Assert.That((await _feedback.RecordAsync("call", 1), await new LlmFeedback().RecordAsync("call", 1)), Is.EqualTo((true, false)));
    }

    [Test]
    public async Task RecordAsync_AListenerThatWasAddedTwice_HearsOnceUntilItWasRemovedTwice()
    {
        var listener = new Listener { Knows = true };
        _feedback.Add(listener);
        _feedback.Add(listener);

        await _feedback.RecordAsync("call", 1);
        _feedback.Remove(listener);
        var (heard, still) = (listener.Times, await _feedback.RecordAsync("call", 1));
        _feedback.Remove(listener);

        Assert.That((heard, still, await _feedback.RecordAsync("call", 1)), Is.EqualTo((1, true, false)));
    }

    private sealed class Listener : IFeedbackListener
    {
        public Feedback? Heard { get; private set; }

        public int Times { get; private set; }

        public bool Knows { get; init; }

        public Exception? Fails { get; init; }

        public async ValueTask<bool> TakeAsync(Feedback feedback, CancellationToken cancellationToken)
        {
            await Task.Yield();
            (Heard, Times) = (feedback, Times + 1);
            return Fails is null ? Knows : throw Fails;
        }
    }
}
