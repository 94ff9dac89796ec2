namespace LlmKit.Calls;

/// <summary>A figure with the range that it is likely in; who gives it says how likely.</summary>
/// <param name="Value">The figure.</param>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
public readonly record struct Interval(double Value, double Low, double High);
