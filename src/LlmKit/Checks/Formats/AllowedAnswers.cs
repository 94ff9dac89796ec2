using Microsoft.Extensions.AI;

namespace LlmKit.Checks.Formats;

/// <summary>One of a few answers.</summary>
internal sealed class AllowedAnswers(string[] answers) : IAnswerFormat
{
    private readonly HashSet<string> _answers = new(answers.Select(Trim), StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<string> Check(string answer, ChatOptions options) =>
        _answers.Contains(Trim(answer)) ? [] : [$"It is none of the allowed answers. Give one of these and nothing else: {string.Join(", ", _answers)}."];

    private static string Trim(string answer) => answer.Trim().TrimEnd('.').TrimEnd();
}
