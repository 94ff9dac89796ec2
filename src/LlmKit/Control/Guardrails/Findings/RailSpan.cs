namespace LlmKit.Control.Guardrails;

/// <summary>Where something was found, in UTF-16 code units of the text as it was before anything was taken out.</summary>
/// <param name="Message">The index of the message in the request, or of the text in the answer: a text ends where other content begins.</param>
/// <param name="Start">The index of the first character.</param>
/// <param name="Length">The number of characters.</param>
public readonly record struct RailSpan(int Message, int Start, int Length);
