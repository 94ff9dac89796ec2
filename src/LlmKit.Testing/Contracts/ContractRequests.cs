using Microsoft.Extensions.AI;

namespace LlmKit.Testing.Contracts;

/// <summary>What the checks ask.</summary>
internal static class ContractRequests
{
    // Only a stage that hangs is waited for so long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static ChatMessage[] Messages { get; } = [new(ChatRole.System, "Be brief."), new(ChatRole.User, "What is the capital of France?")];

    public static ScriptedAnswer Answer { get; } = ScriptedAnswer.Text("The capital ", "is ", "Paris.");

    public static async Task<T> InTimeAsync<T>(Task<T> task)
    {
        try
        {
            return await task.WaitAsync(Patience, TimeProvider.System).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw new ContractBrokenException("it did not end.");
        }
    }

    /// <summary>Gives what a request ends with, plain or streamed.</summary>
    public static async Task<Exception?> FailureAsync(IChatClient client, bool streamed, CancellationToken cancellationToken = default)
    {
        try
        {
            await InTimeAsync(AskAsync(client, streamed, options: null, cancellationToken)).ConfigureAwait(false);
            return null;
        }
        catch (Exception exception) when (exception is not ContractBrokenException)
        {
            return exception;
        }
    }

    public static Task<ChatResponse> AskAsync(IChatClient client, bool streamed, ChatOptions? options, CancellationToken cancellationToken = default) => streamed
        ? client.GetStreamingResponseAsync(Messages, options, cancellationToken).ToChatResponseAsync(cancellationToken)
        : client.GetResponseAsync(Messages, options, cancellationToken);
}
