using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Execution.Idempotency;

/// <summary>A request whose answer comes whole.</summary>
internal sealed class AnswerFlight(SharedRequest request, GuardedStore store, IChatClient client, Action<Flight> onEnded) : Flight(request, store, onEnded)
{
    protected override async ValueTask<FlightEnd> AskAsync(CancellationToken cancellationToken)
    {
        var response = await client.AskAsync(Request.Messages, Request.Options, Request.Call, cancellationToken).ConfigureAwait(false)
            ?? throw CallErrors.NoAnswer(Request.Call);
        return FlightEnd.Fresh(response, KeptAnswer.Of(response, Request.Call));
    }
}
