namespace LlmKit.Calls;

/// <summary>How often requests of a feature were answered otherwise when they were asked again.</summary>
/// <param name="Rate">The rate that was seen, 0 to 1, with what it is at least and at most, each with a one-sided confidence of 95 %.</param>
/// <param name="Requests">How many requests were repeated.</param>
/// <param name="At">When.</param>
public sealed record MeasuredDisagreement(Interval Rate, int Requests, DateTimeOffset At);
