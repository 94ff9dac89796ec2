using Microsoft.Extensions.AI;

namespace LlmKit.Benchmarks.Tokens;

/// <summary>A request put together from the corpus, and the input tokens that its provider would report.</summary>
internal sealed record WorkloadCall(ChatMessage[] Messages, ChatOptions? Options, long Tokens);
