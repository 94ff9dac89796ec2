namespace LlmKit.Simulator.Faults;

/// <summary>One line of a plan: which requests, how likely, at which tries, and what happens to them.</summary>
internal sealed record FaultRule(Func<FaultRequest, bool> Applies, double Probability, int FirstTries, Fault Fault);
