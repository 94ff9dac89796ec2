using System.Text.Json.Serialization;
using LlmKit.Calls;
using LlmKit.Models;

namespace LlmKit.Orchestration.Routing.Evaluation.Traces;

/// <summary>One decision of a router and what came of it: enough to replay other policies, to learn from, and to see drift.</summary>
/// <remarks>
/// Immutable; one JSON line in a <see cref="RoutingTraceFile"/>. It holds no text of the conversation but <see cref="Prompt"/>, which is there only
/// where <see cref="RoutingTraceLogOptions.RecordPrompts"/> says so.
/// </remarks>
public sealed record RoutingTrace
{
    /// <summary>The version of the form in which traces are written.</summary>
    public const int Format = 1;

    /// <summary>Gets the version of the form.</summary>
    [JsonPropertyName("v")]
    public int FormatVersion { get; init; } = Format;

    /// <summary>Gets the decision's id.</summary>
    public required string Id { get; init; }

    /// <summary>Gets the id of the call that the decision was made in.</summary>
    public required string CallId { get; init; }

    /// <summary>Gets what the decision was for, where it was made for a call that serves that one, such as <c>sample</c>; <see langword="null"/> for the call itself.</summary>
    public string? Purpose { get; init; }

    /// <summary>Gets when it was made.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Gets the name of the policy.</summary>
    public required string Policy { get; init; }

    /// <summary>Gets the version of the policy's rules.</summary>
    public required string PolicyVersion { get; init; }

    /// <summary>Gets the models that passed the gates, in the router's order.</summary>
    public required IReadOnlyList<string> Candidates { get; init; }

    /// <summary>Gets the model that was chosen.</summary>
    public required string Model { get; init; }

    /// <summary>Gets why, such as <c>policy</c>, <c>explore</c>, <c>pinned</c> or <c>default</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>Gets the score that the choice was made by; <see langword="null"/> where there is none.</summary>
    public double? Score { get; init; }

    /// <summary>Gets the threshold that the score was held against; <see langword="null"/> where there is none.</summary>
    public double? Threshold { get; init; }

    /// <summary>Gets the probability with which the model was chosen, above 0 and at most 1; <see langword="null"/> in a log that does not know it, which cannot be replayed.</summary>
    public double? Propensity { get; init; }

    /// <summary>
    /// Gets whether the policy had no say in it: the call asked for the model, it is the next of a list that is declared for a kind of failure, or the policy
    /// failed.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsForced { get; init; }

    /// <summary>Gets the call site.</summary>
    public string? Feature { get; init; }

    /// <summary>Gets the customer organisation, where <see cref="RoutingTraceLogOptions.RecordTenants"/> says so.</summary>
    public string? Tenant { get; init; }

    /// <summary>Gets the SHA-256 of the last message of the user, in hexadecimal. Who guesses a short prompt can confirm it: keep it as you keep prompts.</summary>
    public string? PromptHash { get; init; }

    /// <summary>Gets how long that message was, in UTF-16 code units.</summary>
    public int PromptLength { get; init; }

    /// <summary>Gets that message, where <see cref="RoutingTraceLogOptions.RecordPrompts"/> says so.</summary>
    public string? Prompt { get; init; }

    /// <summary>Gets whether <see cref="Prompt"/> is but its beginning, because it was longer than <see cref="RoutingTraceLogOptions.MaxPromptLength"/>. Hash and length are those of the whole.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsPromptCut { get; init; }

    /// <summary>Gets the model that gave the answer in the end; <see langword="null"/> where none did.</summary>
    public string? AnsweredBy { get; init; }

    /// <summary>Gets whether this decision is the one that the answer came of: outcomes belong to it, and to no other decision of the call.</summary>
    public bool IsAnswer { get; init; }

    /// <summary>Gets how the call ended.</summary>
    public CallStatus Status { get; init; }

    /// <summary>Gets why the model that was chosen failed; <see langword="null"/> where it did not, or was refused before anything was sent.</summary>
    public ModelFailureKind? Failure { get; init; }

    /// <summary>Gets how often the model that was chosen was asked: 0 where it was refused, more than 1 where it was retried.</summary>
    public int Attempts { get; init; }

    /// <summary>Gets the input tokens of these attempts.</summary>
    public long InputTokens { get; init; }

    /// <summary>Gets the output tokens of these attempts.</summary>
    public long OutputTokens { get; init; }

    /// <summary>Gets what these attempts cost, in USD; <see langword="null"/> for a model without a price, which is not 0.</summary>
    public decimal? Cost { get; init; }

    /// <summary>Gets how long the whole call took, in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>Gets how good the answer was; <see langword="null"/> if nobody said so, which is not 0.</summary>
    public RoutingOutcome? Outcome { get; init; }

    /// <summary>Gets how good the answers of other models would have been, by model; <see langword="null"/> where none was asked.</summary>
    public IReadOnlyDictionary<string, ShadowOutcome>? Shadows { get; init; }

    /// <summary>Gets whether a policy decided, and for the call itself: what was decided for one that served it came to light only where it agreed with the others. Older logs have a reason alone.</summary>
    internal bool IsOfPolicy => this is { IsForced: false, Purpose: null, Reason: not "pinned" };

    /// <summary>Says what it is, for logs: nothing of the conversation.</summary>
    /// <returns>The id, the policy and the model.</returns>
    public override string ToString() => $"{Id}: {Policy}/{PolicyVersion} chose {Model}";
}
