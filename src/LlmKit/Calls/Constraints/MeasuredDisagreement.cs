namespace LlmKit.Calls;

/// <summary>How often requests of a feature were answered otherwise when they were asked again.</summary>
/// <param name="Rate">The rate that was seen, 0 to 1.</param>
/// <param name="Lower">The rate that it is at least, with a one-sided confidence of 95 %.</param>
/// <param name="Upper">The rate that it is at most, with a one-sided confidence of 95 %.</param>
/// <param name="Requests">How many requests were repeated.</param>
/// <param name="At">When.</param>
public sealed record MeasuredDisagreement(double Rate, double Lower, double Upper, int Requests, DateTimeOffset At);
