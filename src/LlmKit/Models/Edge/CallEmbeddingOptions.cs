using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Models;

/// <summary>Embedding options that carry the call for which the embedding is made.</summary>
internal sealed class CallEmbeddingOptions : EmbeddingGenerationOptions
{
    public CallEmbeddingOptions(LlmCall call) => Call = call;

    private CallEmbeddingOptions(CallEmbeddingOptions other) : base(other) => Call = other.Call;

    public LlmCall Call { get; }

    public override EmbeddingGenerationOptions Clone() => new CallEmbeddingOptions(this);

    public EmbeddingGenerationOptions ToSend(string? modelId) => new()
    {
        ModelId = modelId,
        Dimensions = Dimensions,
        AdditionalProperties = AdditionalProperties,
        RawRepresentationFactory = RawRepresentationFactory,
    };
}
