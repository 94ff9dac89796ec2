using LlmKit.Calls;
using LlmKit.Internal;
using Microsoft.Extensions.AI;

namespace LlmKit.Models;

/// <summary>A streamed attempt of a call that serves another, which somebody takes down: each enumeration is one, from its first move on.</summary>
internal sealed class ReportedStream(
    ModelEdge edge,
    IReadOnlyList<ChatMessage> messages,
    ChatOptions options,
    LlmCall call,
    ICallReporter reporter,
    IAttemptClock? clock,
    CancellationToken cancellationToken) : IAsyncEnumerable<ChatResponseUpdate>
{
    public IAsyncEnumerator<ChatResponseUpdate> GetAsyncEnumerator(CancellationToken enumeration = default) =>
        new Enumerator(this, new(cancellationToken, enumeration));

    private (IRequestReport? Report, IAsyncEnumerator<ChatResponseUpdate> Updates) Open(CancellationToken token)
    {
        var told = clock ?? ModelEdge.ClockOf(options);
        var report = edge.Begin(reporter, messages, options, call, told, isStreaming: true);
        return (report, edge.Open(messages, options, call, report ?? told, token).GetAsyncEnumerator(CancellationToken.None));
    }

    // A class of its own: unlike a compiler's iterator it can be left while a move is pending.
    private sealed class Enumerator(ReportedStream stream, EitherToken either) : IAsyncEnumerator<ChatResponseUpdate>
    {
        private IRequestReport? _report;
        private IAsyncEnumerator<ChatResponseUpdate>? _updates;

        public ChatResponseUpdate Current => _updates!.Current;

        public async ValueTask<bool> MoveNextAsync()
        {
            if (_updates is null)
                (_report, _updates) = stream.Open(either.Token);
            try
            {
                if (!await _updates.MoveNextAsync().ConfigureAwait(false))
                {
                    _report?.Complete();
                    return false;
                }

                _report?.Observe(_updates.Current);
                return true;
            }
            catch (Exception exception)
            {
                _report?.Fail(exception, either.Token);
                throw;
            }
        }

        public async ValueTask DisposeAsync()
        {
            try
            {
                // First the attempt is settled.
                if (_updates is not null)
                    await _updates.DisposeAsync().ConfigureAwait(false);
            }
            finally
            {
                _report?.Leave();
                either.Dispose();
            }
        }
    }
}
