using Microsoft.Extensions.AI;

namespace LlmKit.Orchestration.Routing.Drafts;

/// <summary>The least that a draft must be: ended by itself, not empty, and of the form that was asked for.</summary>
internal sealed class FormatCheck : DraftCheck
{
    public override string Name => "format";

    public override ValueTask<DraftVerdict> VerifyAsync(ModelDraft draft, CancellationToken cancellationToken) =>
        new(WhyNotWhole(draft) is { } reason ? new(false, reason) : new DraftVerdict(true));

    /// <summary>Gives why a draft is no answer at all, whatever it says.</summary>
    public static string? WhyNotWhole(ModelDraft draft) =>
        draft.Answer.FinishReason == ChatFinishReason.Length ? "it is cut off"
        : draft.CallsTools ? null
        : string.IsNullOrWhiteSpace(draft.Text) ? "it is empty"
        : AnswerFormats.Requested.Check(draft.Text, draft.Options).Count > 0 ? "it has not the form that was asked for"
        : null;
}
