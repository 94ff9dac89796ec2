using LlmKit.Calls;
using LlmKit.Models;
using Microsoft.Extensions.AI;

namespace LlmKit.Internal.Flights;

/// <summary>A request whose answer comes in updates. It is read ahead of whoever waits for it, within a bound; each call reads what came at its own pace.</summary>
internal sealed class StreamFlight(FlightRequest request, IChatClient client, Action<Flight> onEnded) : Flight(request, onEnded)
{
    protected override AnswerLog Log { get; } = new(request.MaxBytes, request.Updates);

    protected override async ValueTask<FlightEnd> AskAsync(CancellationToken cancellationToken)
    {
        var call = Request.Call;
        var stream = client.GetStreamingResponseAsync(Request.Messages, Request.Options, cancellationToken) ?? throw CallErrors.NoAnswer(call);
        var reader = new StreamReader<ChatResponseUpdate>(stream, call.Time, cancellationToken);
        var hasFinished = false;
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.MoveNextAsync().ConfigureAwait(false))
            {
                var update = reader.Current ?? throw CallErrors.NoAnswer(call);
                hasFinished |= update.FinishReason is not null;
                await Log.AddAsync(update, cancellationToken).ConfigureAwait(false);
            }
        }

        var problem = Log.Problem ?? (hasFinished || MayEndWithoutReason(call) ? null : "the stream ended without a finish reason");
        return FlightEnd.Fresh(call, original: null, Request.IsRemembered ? Log.Take(call) : null, problem);
    }

    /// <summary>Whether the model that answered is one of which no finish reason is expected.</summary>
    private bool MayEndWithoutReason(LlmCall call) =>
        call.Model is { } name && client.GetService(typeof(Model), name) is Model { RequireFinishReason: false };
}
