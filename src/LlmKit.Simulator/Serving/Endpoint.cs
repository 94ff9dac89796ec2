using System.Text.Json;
using LlmKit.Simulator.Faults;
using LlmKit.Simulator.Metering;
using LlmKit.Simulator.Serving.Sending;
using LlmKit.Simulator.Wire;
using LlmKit.Simulator.Wire.OpenAI;
using Microsoft.AspNetCore.Http;

namespace LlmKit.Simulator.Serving;

/// <summary>What every endpoint does with a request before and after its own work: book it, check key and model, close the books.</summary>
internal abstract class Endpoint(SimulatorEngine engine, IWireFormat format)
{
    protected SimulatorEngine Engine { get; } = engine;

    protected IWireFormat Format { get; } = format;

    public async Task HandleAsync(HttpContext http)
    {
        Engine.InFlight.Enter();
        try
        {
            using var gone = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, Engine.Stopping);
            var exchange = await Exchange.ReceiveAsync(http, Engine, gone.Token).ConfigureAwait(false);
            try
            {
                await CheckAndServeAsync(exchange).ConfigureAwait(false);
            }
            finally
            {
                exchange.Close(RequestOutcome.Abandoned);
            }
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested || Engine.Stopping.IsCancellationRequested)
        {
            // The client went away: there is nobody to answer.
        }
        catch (IOException)
        {
            // The same, noticed by a read or a write.
        }
        finally
        {
            Engine.InFlight.Leave();
        }
    }

    protected abstract Task ServeAsync(Exchange exchange, JsonElement body);

    /// <summary>Plays the faults that leave nothing to serve.</summary>
    protected async Task<bool> IsRefusedAsync(Exchange exchange)
    {
        await exchange.WaitAsync(exchange.Timing.ToHeaders).ConfigureAwait(false);
        await exchange.WaitIfAsync(FaultKind.SlowHeaders).ConfigureAwait(false);
        if (exchange.Fault is { Kind: FaultKind.ResetBeforeHeaders })
        {
            // The provider has read the request: who loses the connection cannot know what it did with it.
            exchange.Close(RequestOutcome.Broken);
            exchange.Http.Abort();
            return true;
        }

        if (Refusals.For(exchange) is not { } kind)
            return false;

        await (GatewayPage.Of(kind) is { } page ? Refusals.SendAsync(exchange, page) : RefuseAsync(exchange, kind)).ConfigureAwait(false);
        return true;
    }

    protected Task RefuseAsync(Exchange exchange, FaultKind kind, int tokens = 9_000, int limit = 8_192) => Refusals.SendAsync(
        exchange, Format, Format.Error(kind, exchange.ErrorFacts with { Tokens = tokens, Limit = limit }), Engine.Clock);

    private async Task CheckAndServeAsync(Exchange exchange)
    {
        try
        {
            if (exchange.ErrorFacts.IsAzure && !exchange.Http.Request.Query.ContainsKey("api-version"))
                await Refusals.SendAsync(exchange, Format, AzureErrors.ResourceNotFound(), Engine.Clock).ConfigureAwait(false);
            else if (!Engine.Accepts(Format.KeyOf(exchange.Http.Request)))
                await RefuseAsync(exchange, FaultKind.Unauthorized).ConfigureAwait(false);
            else if (exchange.Model.Length > 0 && !Engine.Knows(exchange.Model))
                await RefuseAsync(exchange, FaultKind.ModelNotFound).ConfigureAwait(false);
            else
                await ReadAndServeAsync(exchange).ConfigureAwait(false);
        }
        catch (WireException exception)
        {
            await Refusals.SendAsync(exchange, Format, Format.Invalid(exception.Message, exchange.ErrorFacts), Engine.Clock).ConfigureAwait(false);
        }
    }

    private async Task ReadAndServeAsync(Exchange exchange)
    {
        using var document = exchange.Parse();
        if (exchange.Model.Length == 0)
            throw new WireException("Missing required parameter: 'model'.");

        await ServeAsync(exchange, document.RootElement).ConfigureAwait(false);
    }
}
