namespace LlmKit.Orchestration.Routing.Drafts;

/// <summary>Several checks, one after the other.</summary>
internal sealed class AllChecks(DraftCheck[] checks) : DraftCheck
{
    private readonly DraftCheck[] _parts = [.. checks.SelectMany(check => check.Parts)];

    public override string Name => "all";

    public override string Version => string.Join('+', (object[])_parts);

    internal override IReadOnlyList<DraftCheck> Parts => _parts;

    public override async ValueTask<DraftVerdict> VerifyAsync(ModelDraft draft, CancellationToken cancellationToken)
    {
        var verdict = new DraftVerdict(true);
        for (var i = 0; i < _parts.Length && verdict.IsAccepted; i++)
            verdict = await _parts[i].VerifyAsync(draft, cancellationToken).ConfigureAwait(false);
        return verdict;
    }
}
