namespace LlmKit.Benchmarks.Measuring;

/// <summary>One row as it was measured.</summary>
/// <param name="Row">The class without its ending and the method, such as <c>Budget.TwoLimits</c>.</param>
/// <param name="Description">The row in words.</param>
/// <param name="Category">Plain or streamed.</param>
/// <param name="IsBaseline">Whether the other rows of its category are compared with it.</param>
/// <param name="Best">The fastest iteration's nanoseconds for one call: what the neighbours on a shared machine disturb least.</param>
/// <param name="Median">The median iteration's nanoseconds for one call.</param>
/// <param name="Bytes">The bytes that one call allocated.</param>
internal sealed record Measurement(string Row, string Description, string Category, bool IsBaseline, double Best, double Median, long Bytes);
