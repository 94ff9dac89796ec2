namespace LlmKit.Orchestration.Routing.Policies;

/// <summary>A policy that is replayed asks for something that its trace does not hold: what it would choose nobody can say.</summary>
internal sealed class UnrecordedFactException(string what) : LlmException(what);
