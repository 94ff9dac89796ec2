namespace LlmKit.Observability.Traces;

/// <summary>What somebody said about an answer.</summary>
/// <param name="Value">From 0, wrong, to 1, right.</param>
/// <param name="At">When it was said.</param>
/// <param name="Label">A short name of the reason; never a text of the conversation.</param>
/// <param name="Name">What was judged, such as <c>helpful</c>.</param>
/// <param name="Source">Who says so: <c>user</c>, or a judge's name.</param>
public sealed record TraceScore(double Value, DateTimeOffset At, string? Label = null, string Name = "feedback", string Source = "user");
