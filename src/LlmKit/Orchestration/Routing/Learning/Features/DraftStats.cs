using System.Buffers;

namespace LlmKit.Orchestration.Routing.Learning.Features;

/// <summary>Numbers that tell how far an answer can be trusted: whether its sums hold, whether it ends and says its result, how long it is.</summary>
internal static class DraftStats
{
    public const int Count = 12;

    private static readonly SearchValues<string> s_hedges = SearchValues.Create(
        ["assum", "approximately", "cannot", "can't", "not enough", "unclear", "not sure", "however", "actually", "as an ai"], StringComparison.OrdinalIgnoreCase);
    private static readonly SearchValues<string> s_results = SearchValues.Create(["####", "answer is", "answer:", "result is", "\\boxed"], StringComparison.OrdinalIgnoreCase);

    /// <summary>Writes the numbers.</summary>
    public static void Write(ReadOnlySpan<char> prompt, ReadOnlySpan<char> draft, Span<double> into)
    {
        var equations = Equations.In(draft);
        var text = draft.TrimEnd();
        var (hasResult, result) = Result(text);
        var (numbers, reused) = Numbers(prompt, draft);
        into[0] = Math.Log(1 + text.Length);
        into[1] = Math.Log(1 + equations.Right);
        into[2] = Math.Log(1 + equations.Wrong);
        into[3] = Math.Min(1, equations.Wrong);
        into[4] = hasResult ? 1 : 0;
        into[5] = IsEnded(text) ? 1 : 0;
        into[6] = Math.Log(1 + text.Count('\n'));
        into[7] = Math.Log(1 + numbers);
        into[8] = reused;
        into[9] = double.IsNaN(result) ? 0 : Math.Log(1 + Math.Abs(result));
        into[10] = !double.IsNaN(result) && result != Math.Floor(result) ? 1 : 0;
        into[11] = draft.ContainsAny(s_hedges) ? 1 : 0;
    }

    /// <summary>Suspects an answer by rules, without having learned anything: 0 for none, more for each sign.</summary>
    public static double Suspicion(ReadOnlySpan<char> prompt, ReadOnlySpan<char> draft)
    {
        Span<double> stats = stackalloc double[Count];
        Write(prompt, draft, stats);
        const double wrongSum = 2, noEnd = 1.5, noResult = 1, notWhole = 0.5, hedged = 0.25, perLength = 0.15;
        return (wrongSum * stats[3]) + (noEnd * (1 - stats[5])) + (noResult * (1 - stats[4])) + (notWhole * stats[10]) + (hedged * stats[11]) + (perLength * stats[0]);
    }

    /// <summary>Whether a text ends as a whole one does: with a mark, a bracket or a figure.</summary>
    private static bool IsEnded(ReadOnlySpan<char> text) => text.Length > 0 && (text[^1] is '.' or '!' or '?' or ')' or '"' or '”' or '`' or '}' or ']' || char.IsAsciiDigit(text[^1]));

    /// <summary>Finds the result that an answer says it has, and its number if it is one.</summary>
    private static (bool Has, double Value) Result(ReadOnlySpan<char> text)
    {
        var has = false;
        for (var at = text.IndexOfAny(s_results); at >= 0; at = text.IndexOfAny(s_results))
        {
            has = true;
            text = text[(at + 4)..];
        }

        var digit = has ? text.IndexOfAnyInRange('0', '9') : -1;
        return (has, digit >= 0 && ArithmeticSum.TryReadNumber(text[digit..], out var value) ? value : double.NaN);
    }

    /// <summary>How many numbers an answer has, and which share of the prompt's it uses: one left out may have been overlooked.</summary>
    private static (int Count, double Reused) Numbers(ReadOnlySpan<char> prompt, ReadOnlySpan<char> draft)
    {
        var count = 0;
        for (var rest = draft; TryTakeNumber(ref rest, out _);)
            count++;
        var (asked, used) = (0, 0);
        const int most = 32;
        for (var rest = prompt; asked < most && TryTakeNumber(ref rest, out var number);)
        {
            asked++;
            used += draft.IndexOf(number) >= 0 ? 1 : 0;
        }

        return (count, asked == 0 ? 1 : (double)used / asked);
    }

    private static bool TryTakeNumber(ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> number)
    {
        var start = rest.IndexOfAnyInRange('0', '9');
        if (start < 0)
        {
            number = default;
            return false;
        }

        rest = rest[start..];
        var end = rest.IndexOfAnyExceptInRange('0', '9');
        number = end < 0 ? rest : rest[..end];
        rest = rest[number.Length..];
        return true;
    }
}
