using System.Text.Json.Serialization;

namespace LlmKit.Orchestration.Routing.Evaluation.Traces;

/// <summary>How good an answer turned out to be, said when its trace had left the log: a line of its own in a <see cref="RoutingTraceFile"/>, which joins it when it is read.</summary>
/// <param name="Of">The id of the call, for the decision that answered, or of one of its decisions.</param>
/// <param name="Time">When it was said.</param>
/// <param name="Outcome">What was said.</param>
public sealed record LateOutcome(string Of, DateTimeOffset Time, RoutingOutcome Outcome)
{
    /// <summary>Gets the version of the form, which is that of the traces.</summary>
    [JsonPropertyName("v")]
    public int FormatVersion { get; init; } = RoutingTrace.Format;
}
