using System.Buffers;

namespace LlmKit.Orchestration.Routing.Complexity;

/// <summary>Guesses how hard a prompt is from words that say so, and from its length: a start without any data, better than chance and worse than length alone on school tasks.</summary>
/// <remarks>Thread-safe; one pass for each list of words.</remarks>
public static class PromptComplexity
{
    private const double PerReasoningWord = 0.3;
    private const double PerCodeWord = 0.2;
    private const double PerConstraint = 0.1;
    private const double PerSimpleWord = -0.15;
    private const double PerQuestion = 0.05;
    private const double HalfLength = 2_000;
    private const int MostCounted = 4;

    // Eight words are searched for at twice the speed of nine. "heorem" and the like, because a word that begins as "the", "that" or "with" do would halt the search at each of them.
    private static readonly SearchValues<string> s_reasoning = Words(
        "prove", "derive", "step by step", "explain why", "analyse", "analyze", "evaluate", "compare", "trade-off", "tradeoff", "reason about", "optimi", "calculate", "how many", "probability", "heorem", "hypothesis", "strategy", "diagnos");
    private static readonly SearchValues<string> s_code = Words(
        "```", "function", "exception", "stack trace", "algorithm", "regex", "refactor", "compile");
    private static readonly SearchValues<string> s_constraints = Words("must", "t least", "t most", "exactly", "only if", "ithout", "twice", "half");
    private static readonly SearchValues<string> s_simple = Words("hello", "thank", "translate", "what is", "who is", "capital of", "rephrase", "summari");

    /// <summary>Scores a prompt.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <returns>From 0, simple, to 1, hard; 0.2 or so for a plain question.</returns>
    public static double Of(ReadOnlySpan<char> prompt)
    {
        const double plain = 0.2;
        var (questions, percents) = CountMarks(prompt);
        var score = plain
            + (PerReasoningWord * Count(prompt, s_reasoning))
            + (PerCodeWord * Count(prompt, s_code))
            // A mark of one character among words of more takes the search for all of them off its fast path.
            + (PerConstraint * Math.Min(MostCounted, Count(prompt, s_constraints) + percents))
            + (PerSimpleWord * Count(prompt, s_simple))
            + (PerQuestion * Math.Min(MostCounted, questions))
            + (prompt.Length / (prompt.Length + HalfLength));
        // Any sum falls between 0 and 1, and its order stays.
        return score <= 0 ? 0 : score / (1 + score);
    }

    private static (int Questions, int Percents) CountMarks(ReadOnlySpan<char> text)
    {
        var (questions, percents) = (0, 0);
        for (var at = text.IndexOfAny('?', '%'); at >= 0 && (questions < MostCounted || percents < MostCounted); at = text.IndexOfAny('?', '%'))
        {
            if (text[at] == '?')
                questions++;
            else
                percents++;
            text = text[(at + 1)..];
        }

        return (questions, percents);
    }

    private static int Count(ReadOnlySpan<char> text, SearchValues<string> words)
    {
        var count = 0;
        for (var at = text.IndexOfAny(words); at >= 0 && count < MostCounted; at = text.IndexOfAny(words))
        {
            count++;
            text = text[(at + 2)..];
        }

        return count;
    }

    private static SearchValues<string> Words(params string[] words) => SearchValues.Create(words, StringComparison.OrdinalIgnoreCase);
}
