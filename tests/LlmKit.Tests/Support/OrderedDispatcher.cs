using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace LlmKit.Tests.Support;

/// <summary>Asks models in order until one answers; the last one's exception is thrown.</summary>
internal sealed class OrderedDispatcher(IChatClient[] models) : IChatClient
{
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        for (var i = 0; ; i++)
        {
            try
            {
                return await models[i].GetResponseAsync(messages, options, cancellationToken);
            }
            catch (Exception) when (i < models.Length - 1)
            {
                // The next model may do better.
            }
        }
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var i = 0; ; i++)
        {
            await using var stream = models[i].GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
            bool moved;
            try
            {
                moved = await stream.MoveNextAsync();
            }
            catch (Exception) when (i < models.Length - 1)
            {
                continue;
            }

            for (; moved; moved = await stream.MoveNextAsync())
                yield return stream.Current;
            yield break;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => models[0].GetService(serviceType, serviceKey);

    public void Dispose()
    {
        foreach (var model in models)
            model.Dispose();
    }
}
