using Microsoft.Extensions.AI;

namespace LlmKit.Tests.Support;

/// <summary>Somebody else's options, which clone the way some do: sharing their dictionary.</summary>
internal sealed class ForeignOptions : ChatOptions
{
    public string? Secret { get; set; }

    public override ChatOptions Clone() => new ForeignOptions { Secret = Secret, ModelId = ModelId, MaxOutputTokens = MaxOutputTokens, AdditionalProperties = AdditionalProperties };
}
