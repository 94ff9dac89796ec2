using LlmKit.Calls;
using LlmKit.Models;
using Microsoft.Extensions.AI;

namespace LlmKit.Tests.Support;

/// <summary>A stage that embeds each question and has each answer judged by a model, at the call's expense.</summary>
internal sealed class JudgingChatClient(IChatClient inner, IChatClient judge, IEmbeddingGenerator<string, Embedding<float>>? embeddings = null) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (!LlmCall.TryGet(options, out var call))
            return await base.GetResponseAsync(messages, options, cancellationToken);
        if (embeddings is not null)
            await embeddings.GenerateAsync(["question"], new CallEmbeddingOptions(call), cancellationToken);
        var answer = await base.GetResponseAsync(messages, options, cancellationToken);
        var child = call.Child("judge");
        child.MaxOutputTokens = 20;
        await judge.GetResponseAsync("good?", child, cancellationToken);
        return answer;
    }
}
