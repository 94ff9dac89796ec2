using LlmKit.Checks.Values;

namespace LlmKit;

/// <summary>The values that can be read from answers. All are thread-safe.</summary>
public static class AnswerValues
{
    /// <summary>Gets the whole text, but for case, white space and closing punctuation: for labels and short answers.</summary>
    public static IAnswerValue Text { get; } = new TextValue();

    /// <summary>Gets the JSON of the answer, with or without a code fence around it, whatever the order of its members, its white space and the spelling of its numbers.</summary>
    public static IAnswerValue Json { get; } = new JsonValue();

    /// <summary>Gets the last number of the answer, such as the result of a calculation: <c>1,200.50</c> and <c>1200.5</c> are the same.</summary>
    public static IAnswerValue LastNumber { get; } = new LastNumberValue();

    /// <summary>Gets the result that an answer states, behind <c>####</c>, <c>answer:</c>, <c>\boxed{</c> and the like: a number as such, else the rest of the line; the whole text where none is announced.</summary>
    public static IAnswerValue Result { get; } = new ResultValue();

    /// <summary>Gets the last match of a regular expression, or what its first group holds, but for case and white space.</summary>
    /// <param name="pattern">The pattern, culture-invariant. It has 100 ms for an answer; what takes longer has no value.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ArgumentException">The pattern is no regular expression.</exception>
    public static IAnswerValue Matching(string pattern)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(pattern);
        return new MatchingValue(pattern);
    }

    /// <summary>Reads with a function of one's own.</summary>
    /// <param name="read">Gives the value in one fixed spelling, or <see langword="null"/> for none; thread-safe.</param>
    /// <returns>The value.</returns>
    public static IAnswerValue Of(Func<string, string?> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        return new DelegateValue(read);
    }

    private sealed class DelegateValue(Func<string, string?> read) : IAnswerValue
    {
        public string? Read(string answer) => read(answer);
    }
}
