using LlmKit.Simulator.Metering;

namespace LlmKit.Simulator.Wire;

/// <summary>What an answer says of itself beside its content.</summary>
/// <param name="Id">The hexadecimal part of its ids.</param>
/// <param name="Model">The model or deployment.</param>
/// <param name="Created">Unix time in seconds.</param>
/// <param name="Usage">The tokens of the full answer.</param>
/// <param name="IncludesUsage">Whether a stream ends with them.</param>
internal sealed record AnswerFacts(string Id, string Model, long Created, TokenCounts Usage, bool IncludesUsage);
