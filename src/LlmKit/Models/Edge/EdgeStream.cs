using System.Runtime.CompilerServices;
using LlmKit.Calls;
using LlmKit.Internal;
using Microsoft.Extensions.AI;

namespace LlmKit.Models;

/// <summary>A streamed attempt: each enumeration is one attempt, made when it starts and settled however it ends.</summary>
internal sealed class EdgeStream(
    ModelEdge edge,
    IChatClient client,
    IReadOnlyList<ChatMessage> messages,
    ChatOptions options,
    LlmCall call,
    IAttemptClock? clock,
    CancellationToken cancellationToken) : IAsyncEnumerable<ChatResponseUpdate>
{
    public IAsyncEnumerator<ChatResponseUpdate> GetAsyncEnumerator(CancellationToken enumeration = default) =>
        new Enumerator(this, new(cancellationToken, enumeration));

    private sealed class Enumerator(EdgeStream stream, EitherToken either) : IAsyncEnumerator<ChatResponseUpdate>
    {
        private Attempt? _attempt;
        private Model? _model;
        private StreamReader<ChatResponseUpdate>? _reader;
        private ChatResponseUpdate? _current;
        private bool _finished;
        private volatile bool _left;

        /// <summary>The backstop for a stream that nobody disposed of: what it spent is settled when it is collected.</summary>
        ~Enumerator()
        {
            if (_attempt is { } attempt)
                ThreadPool.UnsafeQueueUserWorkItem(static attempt => attempt.Abandon(), attempt, preferLocal: false);
        }

        public ChatResponseUpdate Current => _current!;

        private CancellationToken Token => either.Token;

        public ValueTask<bool> MoveNextAsync()
        {
            if (_reader is null)
                return OpenAsync();
            try
            {
                var move = _reader.MoveNextAsync();
                if (!move.IsCompletedSuccessfully || !move.Result)
                    return FinishMoveAsync(move);
                Take();
                return new(true);
            }
            catch (Exception exception)
            {
                return new(Task.FromException<bool>(Fail(exception)));
            }
        }

        public async ValueTask DisposeAsync()
        {
            _left = true;
            try
            {
                if (_reader is not null)
                    await _reader.DisposeAsync().ConfigureAwait(false);
            }
            finally
            {
                _attempt?.Abandon();
                either.Dispose();
                GC.SuppressFinalize(this);
            }
        }

        private async ValueTask<bool> OpenAsync()
        {
            (var attempt, var options, _model) = await stream.BeginAsync(Token).ConfigureAwait(false);
            if (_left)
            {
                attempt.Withdraw();
                throw new OperationCanceledException("The stream was left before anything was sent.");
            }

            _attempt = attempt;
            try
            {
                _reader = new(stream.Send(options, Token) ?? throw new NonsenseAnswerException(_model.Name), stream.Time, Token);
            }
            catch (Exception exception)
            {
                Fail(exception);
                throw;
            }

            return await MoveNextAsync().ConfigureAwait(false);
        }

        [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
        private async ValueTask<bool> FinishMoveAsync(ValueTask<bool> move)
        {
            try
            {
                if (await move.ConfigureAwait(false))
                {
                    Take();
                    return true;
                }

                if (!_finished && _model!.RequireFinishReason)
                    throw new TruncatedAnswerException(_model.Name);
            }
            catch (Exception exception)
            {
                Fail(exception);
                throw;
            }

            _attempt!.Succeed();
            stream.Answered(_model!);
            return false;
        }

        private void Take()
        {
            var isFirst = _current is null;
            _current = _reader!.Current ?? throw new NonsenseAnswerException(_model!.Name);
            if (isFirst)
                stream.Call.AnswerBegins(_model!);
            _attempt!.Observe(_current);
            if (_current.AdditionalProperties is not null)
            {
                stream.Edge.Heed(ProviderLimits.TakeOff(_current), _model!);
                _attempt.Observe(ToolCallPiece.TakeOff(_current));
            }

            _finished |= _current.FinishReason is not null;
            if (_current.ConversationId is not null || _current.ContinuationToken is not null)
                stream.Remember(_current, _model!);
            stream.Edge.RememberFiles(_current.Contents, _model!);
        }

        private Exception Fail(Exception exception)
        {
            _attempt!.Fail(ModelFailures.Record(exception, _model!, stream.Call, Token), exception);
            return exception;
        }
    }

    private ModelEdge Edge => edge;

    private LlmCall Call => call;

    private TimeProvider Time => call.Time;

    private ValueTask<(Attempt Attempt, ChatOptions Options, Model Model)> BeginAsync(CancellationToken token) =>
        edge.BeginAsync(messages, options, call, clock, token);

    private IAsyncEnumerable<ChatResponseUpdate>? Send(ChatOptions sent, CancellationToken token) =>
        client.GetStreamingResponseAsync(messages, sent, token);

    private void Remember(ChatResponseUpdate update, Model model) => edge.Remember(update.ConversationId, update.ContinuationToken, model);

    private void Answered(Model model) => call.AnsweredBy(model.Name);
}
