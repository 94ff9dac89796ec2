using Microsoft.Extensions.AI;

namespace LlmKit.Calls;

/// <summary>A client of ours, which takes a request together with its call: nothing to look up, and no task for an answer that is there at once.</summary>
internal interface ICallClient
{
    /// <summary>Answers a request that belongs to an open call.</summary>
    ValueTask<ChatResponse> RespondAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken);
}

/// <summary>Passes requests on inward.</summary>
internal static class CallClients
{
    /// <summary>Asks a client further in: one of ours directly, anybody else's through its public door. A call that is over is never joined.</summary>
    public static ValueTask<ChatResponse> AskAsync(
        this IChatClient client, IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    {
        if (call.IsOver)
            return AskOutside(client, messages, options, call, cancellationToken);
        // Nearly all of ours are stages, and a class is sooner told than an interface.
        return client is StageChatClient stage ? stage.RespondAsync(messages, options, call, cancellationToken)
            : client is ICallClient ours ? ours.RespondAsync(messages, options, call, cancellationToken)
            : AskOutside(client, messages, options, call, cancellationToken);
    }

    private static ValueTask<ChatResponse> AskOutside(
        IChatClient client, IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken) =>
        new(client.GetResponseAsync(messages, options, cancellationToken) ?? throw CallErrors.NoAnswer(call));
}
