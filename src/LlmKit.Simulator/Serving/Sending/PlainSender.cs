using LlmKit.Simulator.Faults;
using LlmKit.Simulator.Metering;

namespace LlmKit.Simulator.Serving.Sending;

/// <summary>Sends an answer in one piece, and breaks off where the fault says so.</summary>
internal sealed class PlainSender(Exchange exchange, SimulatorEngine engine)
{
    // The first bytes of an answer: an id, and nothing of the text.
    private const int HeadLength = 12;

    public async Task SendAsync(string json, List<string> pieces, RequestOutcome outcome)
    {
        await exchange.WaitAsync(exchange.Timing.ToFirstContent + exchange.Timing.PerChunk * Math.Max(0, pieces.Count - 1)).ConfigureAwait(false);
        await exchange.WaitIfAsync(FaultKind.SlowFirstContent).ConfigureAwait(false);
        if (exchange.Fault is { } fault && await IsBrokenAsync(json[..HeadLength], fault).ConfigureAwait(false))
            return;

        exchange.Gone.ThrowIfCancellationRequested();
        foreach (var piece in pieces)
            exchange.Bill!.Wrote(piece);
        exchange.Bill!.Complete();
        exchange.Close(outcome);
        var response = exchange.Http.Response;
        await (response.HasStarted
            ? JsonResponse.WritePartAsync(response, json[HeadLength..], exchange.Gone)
            : JsonResponse.WriteAsync(response, json, exchange.Gone)).ConfigureAwait(false);
    }

    /// <summary>Plays a fault of the middle; says whether the answer ends with it.</summary>
    private async Task<bool> IsBrokenAsync(string head, Fault fault)
    {
        var response = exchange.Http.Response;
        switch (fault.Kind)
        {
            case FaultKind.Stall:
                await JsonResponse.WritePartAsync(response, head, exchange.Gone).ConfigureAwait(false);
                await exchange.WaitAsync(fault.Duration).ConfigureAwait(false);
                return false;
            case FaultKind.Reset:
                await JsonResponse.WritePartAsync(response, head, exchange.Gone).ConfigureAwait(false);
                await exchange.WaitAsync(engine.ResetGrace).ConfigureAwait(false);
                exchange.Close(RequestOutcome.Broken);
                exchange.Http.Abort();
                return true;
            case FaultKind.EndsEarly or FaultKind.MalformedJson:
                exchange.Close(fault.Kind == FaultKind.EndsEarly ? RequestOutcome.Broken : RequestOutcome.Malformed);
                await JsonResponse.WritePartAsync(response, head, exchange.Gone).ConfigureAwait(false);
                return true;
            default:
                return false;
        }
    }
}
