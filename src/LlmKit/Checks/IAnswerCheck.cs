using LlmKit.Checks;

namespace LlmKit;

/// <summary>Says whether two answers to the same question say the same.</summary>
/// <remarks>Must be thread-safe. A check that throws or takes too long leaves the question undecided; it fails no call.</remarks>
public interface IAnswerCheck
{
    /// <summary>Compares two answers.</summary>
    /// <param name="comparison">The question and both answers.</param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    /// <returns>What it found.</returns>
    ValueTask<AnswerAgreement> CompareAsync(AnswerComparison comparison, CancellationToken cancellationToken);
}
