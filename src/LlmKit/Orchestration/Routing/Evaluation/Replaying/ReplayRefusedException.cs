namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>A log cannot tell what a policy would have reached, and any number would mislead. The message says what to do.</summary>
/// <param name="message">Why, and what to do.</param>
/// <param name="inner">What led to it.</param>
public sealed class ReplayRefusedException(string message, Exception? inner = null) : LlmException(message, inner);
