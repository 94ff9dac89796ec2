using System.Threading.Tasks.Sources;
using LlmKit.Internal;
using NUnit.Framework;

namespace LlmKit.Tests.Internal;

public class StreamReaderTests
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
