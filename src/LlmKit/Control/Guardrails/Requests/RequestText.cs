using Microsoft.Extensions.AI;

namespace LlmKit.Control.Guardrails;

/// <summary>One text of a request, by its place.</summary>
internal readonly record struct RequestText(Rail Rail, ChatRole Role, int Message, int Content, string Text, bool IsNew);
