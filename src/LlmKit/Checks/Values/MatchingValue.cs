using System.Text.RegularExpressions;

namespace LlmKit.Checks.Values;

/// <summary>The last match of a regular expression.</summary>
internal sealed class MatchingValue(string pattern) : IAnswerValue
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMilliseconds(100);

    private readonly Regex _pattern = new(pattern, RegexOptions.CultureInvariant, TimeLimit);

    public string? Read(string answer)
    {
        try
        {
            return _pattern.Matches(answer).LastOrDefault() is { } match ? TextValue.Of(match.Groups[match.Groups.Count > 1 ? 1 : 0].Value) : null;
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }
}
