using System.Text.Json.Nodes;
using LlmKit.Simulator.Faults;
using LlmKit.Simulator.Metering;
using LlmKit.Simulator.Wire;

namespace LlmKit.Simulator.Serving.Sending;

/// <summary>Sends an answer in one piece, and breaks off where the fault says so.</summary>
internal sealed class PlainSender(Exchange exchange, IWireFormat format)
{
    // The first bytes of an answer: an id, and nothing of the text.
    private const int HeadLength = 12;

    private int _sent;

    public async Task SendAsync(string json, List<string> pieces, RequestOutcome outcome)
    {
        await exchange.WaitAsync(exchange.Timing.ToFirstContent + exchange.Timing.PerChunk * Math.Max(0, pieces.Count - 1)).ConfigureAwait(false);
        await exchange.WaitIfAsync(FaultKind.SlowFirstContent).ConfigureAwait(false);
        if (exchange.Fault is { } fault && await IsBrokenAsync(json, fault).ConfigureAwait(false))
            return;

        exchange.Gone.ThrowIfCancellationRequested();
        foreach (var piece in pieces)
            exchange.Bill!.Wrote(piece);
        exchange.Bill!.Complete();
        exchange.Close(outcome);
        var response = exchange.Http.Response;
        await (response.HasStarted
            ? JsonResponse.WritePartAsync(response, json[_sent..], exchange.Gone)
            : JsonResponse.WriteAsync(response, json, exchange.Gone)).ConfigureAwait(false);
    }

    /// <summary>Plays a fault of the middle; says whether the answer ends with it.</summary>
    private async Task<bool> IsBrokenAsync(string json, Fault fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.KeepAlives:
                await KeepAliveAsync(fault).ConfigureAwait(false);
                return false;
            case FaultKind.Stall:
                await SendHeadAsync(json).ConfigureAwait(false);
                await exchange.WaitAsync(fault.Duration).ConfigureAwait(false);
                return false;
            case FaultKind.Reset:
                await SendHeadAsync(json).ConfigureAwait(false);
                exchange.Close(RequestOutcome.Broken);
                exchange.Http.Abort();
                return true;
            case FaultKind.EndsEarly or FaultKind.MalformedJson:
                exchange.Close(fault.Kind == FaultKind.EndsEarly ? RequestOutcome.Broken : RequestOutcome.Malformed);
                await SendHeadAsync(json).ConfigureAwait(false);
                return true;
            case FaultKind.ErrorAsAnswer:
                exchange.Bill = null;
                await SendErrorAsync(format.ErrorAsAnswer(fault.Status, exchange.ErrorFacts)).ConfigureAwait(false);
                return true;
            case FaultKind.ErrorFinish:
                await SendErrorAsync(format.ErrorFinish(fault.Status, exchange.ErrorFacts)).ConfigureAwait(false);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Writes the white space that may stand before JSON.</summary>
    private async Task KeepAliveAsync(Fault fault)
    {
        for (var i = 0; i < fault.Signs; i++)
        {
            await JsonResponse.WritePartAsync(exchange.Http.Response, " ", exchange.Gone).ConfigureAwait(false);
            await exchange.WaitAsync(fault.Duration).ConfigureAwait(false);
        }
    }

    private Task SendHeadAsync(string json)
    {
        _sent = HeadLength;
        return JsonResponse.WritePartAsync(exchange.Http.Response, json[..HeadLength], exchange.Gone);
    }

    private Task SendErrorAsync(JsonNode error)
    {
        exchange.Close(RequestOutcome.Broken);
        return JsonResponse.WriteAsync(exchange.Http.Response, JsonText.Of(error), exchange.Gone);
    }
}
