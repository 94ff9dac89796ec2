using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;

namespace LlmKit.Checks.Formats;

/// <summary>An answer that a regular expression matches.</summary>
internal sealed class PatternFormat(string pattern, string explanation) : IAnswerFormat
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMilliseconds(100);

    private readonly Regex _pattern = new($@"\A(?:{pattern})\z", RegexOptions.CultureInvariant, TimeLimit);

    public IReadOnlyList<string> Check(string answer, ChatOptions options) => IsMatch(answer.Trim()) ? [] : [explanation];

    private bool IsMatch(string answer)
    {
        try
        {
            return _pattern.IsMatch(answer);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }
}
