using System.Text;
using LlmKit.Simulator.Faults;
using LlmKit.Simulator.Metering;
using LlmKit.Simulator.Wire;

namespace LlmKit.Simulator.Serving.Sending;

/// <summary>Sends an answer as server-sent events, and breaks off where the fault says so.</summary>
internal sealed class StreamSender(Exchange exchange, IStreamFormat format)
{
    public async Task SendAsync(List<string> pieces, RequestOutcome outcome)
    {
        exchange.Http.Response.ContentType = "text/event-stream; charset=utf-8";
        exchange.Http.Response.Headers.CacheControl = "no-cache";
        if (await BeginsWrongAsync().ConfigureAwait(false))
            return;

        await WriteAsync(format.Opening()).ConfigureAwait(false);
        await exchange.WaitAsync(exchange.Timing.ToFirstContent).ConfigureAwait(false);
        await exchange.WaitIfAsync(FaultKind.SlowFirstContent).ConfigureAwait(false);
        await KeepAliveAsync().ConfigureAwait(false);
        if (await IsBrokenAsync(pieces).ConfigureAwait(false))
            return;

        exchange.Bill!.Complete();
        exchange.Close(outcome);
        await WriteAsync(format.Closing()).ConfigureAwait(false);
    }

    /// <summary>Plays a fault of the first event; says whether the answer ends with it.</summary>
    private async Task<bool> BeginsWrongAsync()
    {
        switch (exchange.Fault?.Kind)
        {
            case FaultKind.MalformedJson:
                exchange.Close(RequestOutcome.Malformed);
                await WriteAsync(format.Malformed()).ConfigureAwait(false);
                return true;
            case FaultKind.ErrorAsAnswer:
                exchange.Bill = null;
                exchange.Close(RequestOutcome.Broken);
                await WriteAsync(format.Error(exchange.Fault.Status)).ConfigureAwait(false);
                return true;
            default:
                return false;
        }
    }

    private async Task KeepAliveAsync()
    {
        if (exchange.Fault is not { Kind: FaultKind.KeepAlives } fault)
            return;
        for (var i = 0; i < fault.Signs; i++)
        {
            await WriteAsync(format.KeepAlive()).ConfigureAwait(false);
            await exchange.WaitAsync(fault.Duration).ConfigureAwait(false);
        }
    }

    private async Task<bool> IsBrokenAsync(List<string> pieces)
    {
        var faultAt = Math.Min(exchange.Fault?.AfterChunks ?? 0, pieces.Count);
        for (var i = 0; i <= pieces.Count; i++)
        {
            if (i == faultAt && await PlayFaultAsync().ConfigureAwait(false))
                return true;
            if (i == pieces.Count)
                break;
            if (i > 0)
                await exchange.WaitAsync(exchange.Timing.PerChunk).ConfigureAwait(false);

            await WriteAsync(format.Delta(pieces[i])).ConfigureAwait(false);
            exchange.Bill!.Wrote(pieces[i]);
        }

        return false;
    }

    /// <summary>Plays a fault of the middle; says whether the answer ends with it.</summary>
    private async Task<bool> PlayFaultAsync()
    {
        switch (exchange.Fault?.Kind)
        {
            case FaultKind.Stall:
                await exchange.WaitAsync(exchange.Fault.Duration).ConfigureAwait(false);
                return false;
            case FaultKind.Reset:
                exchange.Close(RequestOutcome.Broken);
                exchange.Http.Abort();
                return true;
            case FaultKind.EndsEarly:
                exchange.Close(RequestOutcome.Broken);
                return true;
            case FaultKind.ErrorInStream:
                exchange.Close(RequestOutcome.Broken);
                await WriteAsync(format.Failure()).ConfigureAwait(false);
                return true;
            case FaultKind.ErrorFinish:
                exchange.Close(RequestOutcome.Broken);
                await WriteAsync(format.ErrorFinish(exchange.Fault.Status)).ConfigureAwait(false);
                return true;
            default:
                return false;
        }
    }

    private async Task WriteAsync(string events)
    {
        exchange.Gone.ThrowIfCancellationRequested();
        var body = exchange.Http.Response.Body;
        await body.WriteAsync(Encoding.UTF8.GetBytes(events), exchange.Gone).ConfigureAwait(false);
        await body.FlushAsync(exchange.Gone).ConfigureAwait(false);
    }
}
