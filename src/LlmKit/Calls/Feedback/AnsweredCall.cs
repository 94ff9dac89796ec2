namespace LlmKit.Calls;

/// <summary>What is still known of a call that has ended, for those who tell what was said about it later.</summary>
/// <param name="Pipeline">The pipeline.</param>
/// <param name="TraceId">The trace, in hexadecimal.</param>
/// <param name="SpanId">The call's own span; <see langword="null"/> when it had none.</param>
/// <param name="ResponseId">The id that the provider gave the answer; <see langword="null"/> for none.</param>
internal sealed record AnsweredCall(string Pipeline, string TraceId, string? SpanId, string? ResponseId);
