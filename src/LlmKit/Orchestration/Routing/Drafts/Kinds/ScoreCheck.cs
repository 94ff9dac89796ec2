namespace LlmKit.Orchestration.Routing.Drafts;

/// <summary>Accepts drafts whose score stays below a threshold.</summary>
internal sealed class ScoreCheck(string name, string version, double threshold, Func<ModelDraft, double> score) : DraftCheck
{
    public override string Name => name;

    public override string Version => version;

    internal override bool ReadsText => true;

    public override ValueTask<DraftVerdict> VerifyAsync(ModelDraft draft, CancellationToken cancellationToken)
    {
        var of = score(draft);
        return new(new DraftVerdict(of < threshold) { Score = of, Threshold = threshold });
    }
}
