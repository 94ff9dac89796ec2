namespace LlmKit.Orchestration.Routing.Learning;

/// <summary>What a gain model's predictions rest on.</summary>
public enum GainBasis
{
    /// <summary>The length of the prompt: there were too few examples for anything else to beat it.</summary>
    Length = 0,

    /// <summary>The words and numbers of examples.</summary>
    Learned,
}
