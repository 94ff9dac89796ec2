using System.Runtime.CompilerServices;
using LlmKit.Calls;
using LlmKit.Internal;
using Microsoft.Extensions.AI;

namespace LlmKit.Pipeline;

/// <summary>Holds a request of a pipeline that joined somebody else's call to the pipeline's own limit on time.</summary>
internal static class JoinedCall
{
    public static async ValueTask<ChatResponse> RespondAsync(
        IChatClient client, IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var deadline = Deadline.Start(limit, call.Time, cancellationToken);
        try
        {
            return await client.AskAsync(messages, options, call, deadline.Token).OrLeft(call.Time, deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (deadline.HasPassed)
        {
            throw new LlmTimeoutException(TimeLimit.Deadline, limit, model: null, exception);
        }
    }

    public static async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IChatClient client, IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, TimeSpan limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var deadline = Deadline.Start(limit, call.Time, cancellationToken);
        var reader = new StreamReader<ChatResponseUpdate>(client.GetStreamingResponseAsync(messages, options, deadline.Token), call.Time, deadline.Token);
        await using var _ = reader.ConfigureAwait(false);
        while (await MoveAsync(reader, deadline, limit).ConfigureAwait(false))
            yield return reader.Current;
    }

    private static async ValueTask<bool> MoveAsync(StreamReader<ChatResponseUpdate> reader, Deadline deadline, TimeSpan limit)
    {
        try
        {
            return await reader.MoveNextAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (deadline.HasPassed)
        {
            throw new LlmTimeoutException(TimeLimit.Deadline, limit, model: null, exception);
        }
    }
}
