using Microsoft.Extensions.AI;

namespace LlmKit.Control.Guardrails;

/// <summary>What the rails left of a request.</summary>
/// <param name="Draft">The messages.</param>
/// <param name="Options">The options.</param>
/// <param name="Block">What blocks it; <see langword="null"/> when nothing does.</param>
/// <param name="ToGuard">The new texts that guards are to look at.</param>
internal readonly record struct RequestLook(RequestDraft Draft, ChatOptions Options, RailBlock? Block, IReadOnlyList<RequestText> ToGuard);
