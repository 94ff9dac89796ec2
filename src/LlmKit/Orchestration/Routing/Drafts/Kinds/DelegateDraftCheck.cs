namespace LlmKit.Orchestration.Routing.Drafts;

/// <summary>Checks drafts with the user's own function.</summary>
internal sealed class DelegateDraftCheck(string name, Func<ModelDraft, CancellationToken, ValueTask<DraftVerdict>> verify) : DraftCheck
{
    public override string Name => name;

    public override ValueTask<DraftVerdict> VerifyAsync(ModelDraft draft, CancellationToken cancellationToken) => verify(draft, cancellationToken);
}
