namespace LlmKit.Checks;

/// <summary>Compares answers letter by letter and digit by digit: case, white space and closing punctuation do not count.</summary>
internal sealed class SameTextCheck : IAnswerCheck
{
    public ValueTask<AnswerAgreement> CompareAsync(AnswerComparison comparison, CancellationToken cancellationToken) =>
        new(AreEqual(comparison.Given, comparison.Other) ? AnswerAgreement.Agrees : AnswerAgreement.Differs);

    private static bool AreEqual(string one, string other)
    {
        var words = one.AsSpan().TrimEnd(" \t\r\n.!").ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var others = other.AsSpan().TrimEnd(" \t\r\n.!").ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words.SequenceEqual(others, StringComparer.OrdinalIgnoreCase);
    }
}
