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
        var answer = KeptAnswer.Of(response, Request.Call);
        return FlightEnd.Fresh(response, answer, answer is null ? "a content of the answer cannot be kept" : null);
    }
}
