namespace LlmKit.Simulator.Metering;

/// <summary>What one model was billed for.</summary>
/// <param name="Requests">The billed requests; those that were refused are not among them.</param>
/// <param name="Tokens">Their tokens.</param>
public readonly record struct ModelUsage(long Requests, TokenCounts Tokens)
{
    /// <summary>Adds two bills.</summary>
    /// <param name="left">The one.</param>
    /// <param name="right">The other.</param>
    /// <returns>The sum.</returns>
    public static ModelUsage operator +(ModelUsage left, ModelUsage right) =>
        new(left.Requests + right.Requests, left.Tokens + right.Tokens);

    /// <summary>Adds two bills.</summary>
    /// <param name="left">The one.</param>
    /// <param name="right">The other.</param>
    /// <returns>The sum.</returns>
    public static ModelUsage Add(ModelUsage left, ModelUsage right) => left + right;
}
