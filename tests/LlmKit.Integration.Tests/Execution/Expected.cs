using LlmKit.Models;

namespace LlmKit.Integration.Tests.Execution;

/// <summary>What a fault leads to, and how the failed attempt is classified; without a kind it is an answer.</summary>
public sealed record Expected(Course Course, ModelFailureKind? Kind = null, int? Status = null);
