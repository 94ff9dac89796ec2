using System.Text.Json;
using LlmKit.Simulator.Embeddings;
using LlmKit.Simulator.Metering;
using LlmKit.Simulator.Serving.Sending;
using LlmKit.Simulator.Wire;
using LlmKit.Simulator.Wire.OpenAI;

namespace LlmKit.Simulator.Serving;

/// <summary>Serves embedding requests in OpenAI's format.</summary>
internal sealed class EmbeddingsEndpoint(SimulatorEngine engine) : Endpoint(engine, new OpenAIFormat())
{
    private const int MaxDimensions = 4_096;

    protected override async Task ServeAsync(Exchange exchange, JsonElement body)
    {
        var inputs = OpenAIEmbeddings.Inputs(body);
        var base64 = OpenAIEmbeddings.WantsBase64(body);
        var dimensions = body.Number("dimensions") ?? TextEmbedder.DefaultDimensions;
        if (dimensions is < 1 or > MaxDimensions)
            throw new WireException($"Invalid 'dimensions': expected 1 to {MaxDimensions}.");

        exchange.Accept(string.Join('\n', inputs), isStream: false);
        var tokens = TokenRule.Input(inputs);
        exchange.Bill = new(new(tokens, 0, 0, 0, 0), 0, null);
        if (await IsRefusedAsync(exchange).ConfigureAwait(false))
            return;

        exchange.Http.Response.Headers[Format.RequestIdHeader] = "req_" + exchange.Id;
        var vectors = inputs.Select(input => Engine.Embedder.Embed(input, dimensions));
        var answer = OpenAIEmbeddings.Answer(exchange.Model, vectors, base64, tokens);
        await new PlainSender(exchange, Format).SendAsync(JsonText.Of(answer), [], RequestOutcome.Answered).ConfigureAwait(false);
    }
}
