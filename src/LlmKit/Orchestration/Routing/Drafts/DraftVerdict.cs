namespace LlmKit.Orchestration.Routing.Drafts;

/// <summary>What a check says of a draft.</summary>
/// <param name="IsAccepted">Whether the draft may be the answer.</param>
/// <param name="Reason">Why, in a few words; never a text of the conversation.</param>
public readonly record struct DraftVerdict(bool IsAccepted, string? Reason = null)
{
    /// <summary>Gets the score that the verdict rests on.</summary>
    /// <value><see langword="null"/> by default: there is none.</value>
    public double? Score { get; init; }

    /// <summary>Gets the threshold that the score was held against.</summary>
    /// <value><see langword="null"/> by default: there is none.</value>
    public double? Threshold { get; init; }
}
