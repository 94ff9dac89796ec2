using System.Threading.Tasks.Sources;
using LlmKit.Internal;
using LlmKit.Tests.Support;
using NUnit.Framework;

namespace LlmKit.Tests.Internal;

public class StreamReaderMoveTests
{
    [Test]
    public async Task MoveNextAsync_MoveIsDoneWhenItIsLookedAt_ItsResultIsTakenOnce()
    {
        var reader = new StreamReader<int>(new OnceOnlyStream(), TimeProvider.System, CancellationToken.None);

        var move = reader.MoveNextAsync();
        _ = move.Result;
        var again = await move;

        Assert.That(again, Is.False, "the reader's callers look at a result and then await it");
    }

    [Test]
    public async Task MoveNextAsync_UnderAContext_GoesOnWithoutIt()
    {
        var gate = new TaskCompletionSource();
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new NeverRunningContext());
        var reader = new StreamReader<int>(AfterAsync(gate.Task), TimeProvider.System, CancellationToken.None);
        var move = reader.MoveNextAsync().AsTask();
        SynchronizationContext.SetSynchronizationContext(context);

        gate.SetResult();

        await ManualTimeExtensions.UntilAsync(() => move.IsCompletedSuccessfully);
    }

    [Test]
    public void MoveNextAsync_ThatCannotEvenBegin_FailsWhereItIsAwaited()
    {
        var reader = new StreamReader<int>(new OnceOnlyStream(), TimeProvider.System, new CancellationToken(canceled: true));

        var move = reader.MoveNextAsync();

        Assert.That(async () => await move, Throws.InstanceOf<OperationCanceledException>());
    }

    private static async IAsyncEnumerable<int> AfterAsync(Task gate)
    {
        await gate.ConfigureAwait(false);
        yield return 1;
    }

    private sealed class NeverRunningContext : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
        }
    }

    /// <summary>Ends at once, with a result that may be taken only once, as a pooled asynchronous method's is.</summary>
    private sealed class OnceOnlyStream : IAsyncEnumerable<int>, IAsyncEnumerator<int>, IValueTaskSource<bool>
    {
        private bool _taken;

        public int Current => 0;

        public IAsyncEnumerator<int> GetAsyncEnumerator(CancellationToken cancellationToken = default) => this;

        public ValueTask<bool> MoveNextAsync() => new(this, 0);

        public ValueTask DisposeAsync() => default;

        public bool GetResult(short token)
        {
            Assert.That(_taken, Is.False, "taken twice");
            _taken = true;
            return false;
        }

        public ValueTaskSourceStatus GetStatus(short token) => ValueTaskSourceStatus.Succeeded;

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) => continuation(state);
    }
}
