using LlmKit.Models;

namespace LlmKit.Calls;

/// <summary>An attempt about to be made, as the hooks on its call see it.</summary>
/// <param name="Call">The call.</param>
/// <param name="Model">The model that would be asked.</param>
/// <param name="WorstInputTokens">The input tokens that are most unlikely to be exceeded.</param>
public readonly record struct AttemptRequest(LlmCall Call, Model Model, long WorstInputTokens);
