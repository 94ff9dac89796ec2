namespace LlmKit.Checks;

/// <summary>Compares answers letter by letter and digit by digit: case, white space and closing punctuation do not count.</summary>
internal sealed class SameTextCheck : IAnswerCheck
{
    public ValueTask<AnswerAgreement> CompareAsync(AnswerComparison comparison, CancellationToken cancellationToken) =>
        new(AnswerValues.Text.Read(comparison.Given) == AnswerValues.Text.Read(comparison.Other) ? AnswerAgreement.Agrees : AnswerAgreement.Differs);
}
