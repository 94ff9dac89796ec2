namespace LlmKit.Control.Guardrails;

/// <summary>One guard: where it looks and how it is run.</summary>
internal sealed record GuardRule(Rail Rails, IGuard Guard, GuardOptions Options, bool Observed)
{
    /// <summary>Gets whether the guard is dear, so that it is asked last.</summary>
    public bool IsJudge => Guard is LlmJudge;
}
