namespace LlmKit.Orchestration.Routing.Evaluation.Traces;

/// <summary>How good an answer turned out to be, as somebody or something said later.</summary>
/// <param name="Score">From 0, wrong, to 1, right.</param>
/// <param name="Label">A short name of the reason, if one was given; never a text of the conversation.</param>
/// <param name="Source">Who says so, such as <c>user</c>, <c>judge</c>, <c>verifier</c> or <c>rule</c>. Scores of different sources measure different things and are not evaluated together.</param>
public sealed record RoutingOutcome(double Score, string? Label = null, string Source = RoutingOutcome.User)
{
    /// <summary>The source of what comes through <see cref="LlmFeedback"/>.</summary>
    public const string User = "user";
}
