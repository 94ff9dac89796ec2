using System.Threading.Tasks.Sources;
using Microsoft.Extensions.AI;

namespace LlmKit.Benchmarks.Inputs;

/// <summary>A client whose answer and whose updates come when it is told to give them, on the thread that tells it: truly asynchronous, and yet nothing is waited for.</summary>
internal sealed class LateChatClient(int updates = 100) : IChatClient
{
    private readonly ChatResponseUpdate[] _updates = Conversation.Updates(updates);
    private TaskCompletionSource<ChatResponse>? _answer;
    private Enumerator? _stream;

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => (_answer = new()).Task;

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => _stream = new(_updates);

    /// <summary>Gives the answer that somebody waits for.</summary>
    public void Answer() => _answer!.SetResult(Conversation.Answer);

    /// <summary>Gives the update that somebody waits for, or the stream's end.</summary>
    public void Update() => _stream!.Give();

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }

    private sealed class Enumerator(ChatResponseUpdate[] updates) : IAsyncEnumerable<ChatResponseUpdate>, IAsyncEnumerator<ChatResponseUpdate>, IValueTaskSource<bool>
    {
        private ManualResetValueTaskSourceCore<bool> _core;
        private int _next = -1;

        public ChatResponseUpdate Current => updates[_next];

        public IAsyncEnumerator<ChatResponseUpdate> GetAsyncEnumerator(CancellationToken cancellationToken = default) => this;

        public ValueTask<bool> MoveNextAsync()
        {
            _core.Reset();
            return new(this, _core.Version);
        }

        public void Give() => _core.SetResult(++_next < updates.Length);

        public ValueTask DisposeAsync() => default;

        bool IValueTaskSource<bool>.GetResult(short token) => _core.GetResult(token);

        ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _core.GetStatus(token);

        void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _core.OnCompleted(continuation, state, token, flags);
    }
}
