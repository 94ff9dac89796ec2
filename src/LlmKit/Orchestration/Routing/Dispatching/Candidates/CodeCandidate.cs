using LlmKit.Internal;
using LlmKit.Models;
using LlmKit.Orchestration.Routing.Policies;
using LlmKit.Orchestration.Routing.Traffic;
using Microsoft.Extensions.AI;

namespace LlmKit.Orchestration.Routing.Dispatching;

/// <summary>A candidate that answers without a model, or declines.</summary>
internal static class CodeCandidate
{
    /// <summary>Makes the candidate. It costs nothing and has no limits; its client is for those who know no better.</summary>
    public static RouteCandidate Of(string name, Func<RoutingRequest, CancellationToken, ValueTask<ChatResponse?>> answer) =>
        new(name, new NoModel(name), new(new Model(name, new() { Price = ModelPrice.Free }, entry: null, provider: null, clientModelId: null)), new ModelTraffic(TimeProvider.System)) { Code = answer };

    /// <summary>Gives an answer of code as one that has ended: there is no provider to say so.</summary>
    public static ChatResponse Ended(ChatResponse answer)
    {
        if (answer.FinishReason is not null)
            return answer;
        var ended = AnswerCopy.With(answer, answer.Messages);
        ended.FinishReason = ChatFinishReason.Stop;
        return ended;
    }

    private sealed class NoModel(string name) : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw Refusal();

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw Refusal();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }

        private AttemptRefusedException Refusal() => new(RefusalReason.Gate, name, $"'{name}' is code of the router and no model. Name a registered model.");
    }
}
