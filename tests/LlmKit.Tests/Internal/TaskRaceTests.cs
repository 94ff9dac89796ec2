using LlmKit.Internal;
using LlmKit.Testing;
using NUnit.Framework;

namespace LlmKit.Tests.Internal;

public sealed class TaskRaceTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly TaskCompletionSource<int> _task = new();
    private readonly CancellationTokenSource _cancel = new();

    [Test]
    public async Task OrLeft_TaskThatEndsOnCancellation_IsWaitedForAndItsExceptionThrown()
    {
        var failure = new InvalidOperationException();
        var racing = new ValueTask<int>(_task.Task).OrLeft(_clock, _cancel.Token).AsTask();
        await _cancel.CancelAsync();
        Assert.That(racing.IsCompleted, Is.False);

        _task.SetException(failure);

        await Assert.ThatAsync(() => racing, Throws.Exception.SameAs(failure));
    }

    [Test]
    public async Task OrLeft_DeafTask_IsLeftAfterABoundedTime()
    {
        var racing = new ValueTask<int>(_task.Task).OrLeft(_clock, _cancel.Token).AsTask();
        await _cancel.CancelAsync();

        await Support.ManualTimeExtensions.EndAsync(_clock, racing);

        Assert.That(racing.IsCanceled, Is.True);
    }

    [Test]
    public async Task OrLeft_AnswerAfterTheCancellation_IsACancellation()
    {
        var racing = new ValueTask<int>(_task.Task).OrLeft(_clock, _cancel.Token).AsTask();
        await _cancel.CancelAsync();

        _task.SetResult(1);

        await Assert.ThatAsync(() => racing, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task OrCancelled_DeafTask_IsLeftAtOnce()
    {
        var racing = _task.Task.OrCancelled(_cancel.Token);

        await _cancel.CancelAsync();

        await Assert.ThatAsync(() => racing, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void OrLeft_NothingToRaceWith_IsTheTaskItself() =>
        Assert.That(new ValueTask<int>(_task.Task).OrLeft(_clock, CancellationToken.None).AsTask(), Is.SameAs(_task.Task));
}
