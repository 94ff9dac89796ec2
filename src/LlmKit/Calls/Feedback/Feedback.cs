namespace LlmKit.Calls;

/// <summary>What somebody said about the answer of a call.</summary>
/// <param name="CallId">The call.</param>
/// <param name="Score">From 0, wrong, to 1, right.</param>
/// <param name="Label">The reason, if one was given.</param>
internal sealed record Feedback(string CallId, double Score, string? Label)
{
    private const double Half = 0.5;

    public bool IsBad => Score < Half;
}
