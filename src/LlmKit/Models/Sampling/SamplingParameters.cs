namespace LlmKit.Models;

/// <summary>What a model takes of the parameters that leave less of its answer to chance.</summary>
[Flags]
public enum SamplingParameters
{
    /// <summary>Neither: a request that sets one is refused, or it is ignored.</summary>
    None = 0,

    /// <summary>A temperature, any that the provider allows.</summary>
    Temperature = 1,

    /// <summary>A seed.</summary>
    Seed = 2,

    /// <summary>Both.</summary>
    All = Temperature | Seed,
}
