using LlmKit.Calls;

namespace LlmKit.Orchestration.Routing.Evaluation.Traces;

/// <summary>A call that came to a router that records: a caller's, or one that serves it.</summary>
/// <param name="Call">The call.</param>
/// <param name="Prompt">What is kept of the last message of the user that the router saw.</param>
internal sealed record WatchedCall(LlmCall Call, WatchedPrompt Prompt);
