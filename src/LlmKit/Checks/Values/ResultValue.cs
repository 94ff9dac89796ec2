using System.Buffers;

namespace LlmKit.Checks.Values;

/// <summary>The result that an answer states: what stands behind its last announcement, a number as such, else the rest of the line; without one, the whole text.</summary>
internal sealed class ResultValue : IAnswerValue
{
    private static readonly string[] Announcements = ["####", "answer is", "answer:", "result is", "\\boxed{"];

    private static readonly SearchValues<char> s_figures = SearchValues.Create("+-0123456789.,");

    public string? Read(string answer)
    {
        var (at, length) = Announcements.Select(words => (At: answer.LastIndexOf(words, StringComparison.OrdinalIgnoreCase), words.Length)).MaxBy(found => found.At);
        if (at < 0)
            return AnswerValues.Text.Read(answer);
        var rest = answer.AsSpan(at + length).TrimStart(" \t\r\n:*$=({");
        var line = rest[..(rest.IndexOfAny('\r', '\n') is var end and >= 0 ? end : rest.Length)].ToString();
        return FirstNumber(line) ?? TextValue.Of(line.TrimEnd([' ', '\t', '.', '!', '*', '$', ')', '}']));
    }

    // Of a line that begins with a number, such as "18 dollars", that is the result.
    private static string? FirstNumber(string line)
    {
        var end = line.AsSpan().IndexOfAnyExcept(s_figures);
        return end == 0 ? null : AnswerValues.LastNumber.Read(end < 0 ? line : line[..end]);
    }
}
