using LlmKit.Calls;
using LlmKit.Internal;
using Microsoft.Extensions.AI;

namespace LlmKit.Execution.Idempotency;

/// <summary>A request whose answer comes in updates. It is read as fast as it comes; each call reads what came at its own pace.</summary>
internal sealed class StreamFlight(SharedRequest request, GuardedStore store, IChatClient client, Action<Flight> onEnded) : Flight(request, store, onEnded)
{
    protected override AnswerLog Log { get; } = new();

    protected override async ValueTask<FlightEnd> AskAsync(CancellationToken cancellationToken)
    {
        var call = Request.Call;
        var stream = client.GetStreamingResponseAsync(Request.Messages, Request.Options, cancellationToken) ?? throw CallErrors.NoAnswer(call);
        var reader = new StreamReader<ChatResponseUpdate>(stream, call.Time, cancellationToken);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.MoveNextAsync().ConfigureAwait(false))
                Log.Add(reader.Current ?? throw CallErrors.NoAnswer(call));
        }

        return Log.Take(call);
    }
}
