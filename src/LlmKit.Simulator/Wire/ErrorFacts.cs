namespace LlmKit.Simulator.Wire;

/// <summary>What the text of an error mentions.</summary>
/// <param name="RequestId">The request's id.</param>
/// <param name="Model">The model or deployment.</param>
/// <param name="Tokens">The input's tokens, for the context-length error.</param>
/// <param name="Limit">The model's window in tokens, for the same.</param>
/// <param name="IsAzure">Whether the request came by an Azure path.</param>
internal sealed record ErrorFacts(string RequestId, string Model, int Tokens, int Limit, bool IsAzure);
