using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Tests.Support;

/// <summary>Asks a client the same way, plain or streamed, so that one test can say both.</summary>
internal static class Asking
{
    public static readonly ChatMessage[] Question = [new(ChatRole.User, "What is the capital of France?")];

    /// <summary>Gives the answer and the call behind it.</summary>
    public static async Task<(ChatResponse Response, LlmCall Call)> AskAsync(
        this IChatClient client, bool streamed, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (!streamed)
        {
            var response = await client.GetResponseAsync(Question, options, cancellationToken);
            return (response, response.GetCall());
        }

        var updates = await client.GetStreamingResponseAsync(Question, options, cancellationToken).ToListAsync(cancellationToken);
        return (updates.ToChatResponse(), updates[^1].GetCall()!);
    }

    /// <summary>Gives the exception that a request ends with.</summary>
    public static async Task<Exception> FailAsync(
        this IChatClient client, bool streamed, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        try
        {
            await client.AskAsync(streamed, options, cancellationToken);
        }
        catch (Exception exception)
        {
            return exception;
        }

        throw new InvalidOperationException("The request did not fail.");
    }
}
