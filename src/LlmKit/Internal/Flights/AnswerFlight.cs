using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Internal.Flights;

/// <summary>A request whose answer comes whole.</summary>
internal sealed class AnswerFlight(FlightRequest request, IChatClient client, Action<Flight> onEnded) : Flight(request, onEnded)
{
    protected override async ValueTask<FlightEnd> AskAsync(CancellationToken cancellationToken)
    {
        var response = await client.AskAsync(Request.Messages, Request.Options, Request.Call, cancellationToken).ConfigureAwait(false)
            ?? throw CallErrors.NoAnswer(Request.Call);
        if (!IsWanted())
            return FlightEnd.Fresh(Request.Call, response, answer: null, "nobody else wants it");
        var answer = KeptAnswer.Of(response, Request.Call);
        return FlightEnd.Fresh(Request.Call, response, answer, answer is null ? "a content of the answer cannot be kept" : null);
    }
}
