namespace LlmKit.Benchmarks.Gate;

/// <summary>One limit against what was measured.</summary>
/// <param name="Row">The row.</param>
/// <param name="What">What is limited.</param>
/// <param name="Measured">What was measured.</param>
/// <param name="Allowed">The limit.</param>
/// <param name="IsTime">Whether it is a time, which a busy machine may spoil.</param>
internal sealed record Finding(string Row, string What, double Measured, double Allowed, bool IsTime)
{
    public bool Holds => Measured <= Allowed;
}
