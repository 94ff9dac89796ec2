namespace LlmKit.Simulator.Faults;

/// <summary>What a rule of a <see cref="FaultPlan"/> sees of a request.</summary>
/// <param name="Number">The request's place in the order of arrival, from 1. Under concurrency that order is chance.</param>
/// <param name="Try">How often this body was sent to this path, this time included: 1 is the first try.</param>
/// <param name="Model">The model or deployment.</param>
/// <param name="Text">The text of the last user message, or the texts to embed, one per line.</param>
/// <param name="IsStream">Whether a stream was asked for.</param>
/// <param name="Path">The request's path, which tells chat from embeddings and one provider from the other.</param>
public sealed record FaultRequest(long Number, int Try, string Model, string Text, bool IsStream, string Path);
