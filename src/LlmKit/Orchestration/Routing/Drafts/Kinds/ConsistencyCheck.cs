using LlmKit.Checks.Voting;

namespace LlmKit.Orchestration.Routing.Drafts;

/// <summary>Accepts a draft that a majority of answers of the same model agrees with.</summary>
/// <remarks>Self-consistency by Wang et al. (2023), with a window that closes as soon as the majority is certain or out of reach.</remarks>
internal sealed class ConsistencyCheck(int answers, IAnswerValue value, float? temperature) : DraftCheck
{
    private readonly int _majority = (answers / 2) + 1;

    public override string Name => "consistent";

    public override string Version => FormattableString.Invariant($"1@{answers}@{temperature}");

    internal override bool ReadsText => true;

    public override async ValueTask<DraftVerdict> VerifyAsync(ModelDraft draft, CancellationToken cancellationToken)
    {
        if (AnswerVote.Of(draft.Answer, draft.Options, AnswerFormats.Requested, value) is not { } own)
            return new(false, "it holds no value to compare");
        var (agreed, asked) = (1, 1);
        for (; agreed < _majority && agreed + answers - asked >= _majority; asked++)
            agreed += await AgreesAsync(draft, own, cancellationToken).ConfigureAwait(false) ? 1 : 0;
        return new(agreed >= _majority, $"{agreed} of {asked} answers agree, and {_majority} of {answers} must") { Score = (double)agreed / answers, Threshold = (double)_majority / answers };
    }

    private async ValueTask<bool> AgreesAsync(ModelDraft draft, string own, CancellationToken cancellationToken)
    {
        try
        {
            var sample = await draft.SampleAsync(temperature, cancellationToken).ConfigureAwait(false);
            return AnswerVote.Of(sample, draft.Options, AnswerFormats.Requested, value) == own;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            // An answer that did not come agrees with none.
            return false;
        }
    }
}
