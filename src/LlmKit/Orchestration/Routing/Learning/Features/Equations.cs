using System.Buffers;

namespace LlmKit.Orchestration.Routing.Learning.Features;

/// <summary>Checks the sums that an answer does aloud, such as <c>3 x 60 = 180</c>.</summary>
/// <param name="Right">How many hold.</param>
/// <param name="Wrong">How many do not.</param>
internal readonly record struct Equations(int Right, int Wrong)
{
    private const int Longest = 120;
    private const double Tolerance = 0.01;

    private static readonly SearchValues<char> s_parts = SearchValues.Create("0123456789.,+-−*/x×÷()%$ ");

    /// <summary>Finds them; one whose sides differ by a hundredth holds, for models round.</summary>
    public static Equations In(ReadOnlySpan<char> text)
    {
        var (right, wrong) = (0, 0);
        for (var i = text.IndexOf('='); i >= 0;)
        {
            if (ArithmeticSum.TryReadNumber(text[(i + 1)..], out var said) && TryEvaluateBefore(text, i, out var value))
            {
                if (Math.Abs(value - said) <= Tolerance * Math.Max(1, Math.Abs(value)))
                    right++;
                else
                    wrong++;
            }

            var next = text[(i + 1)..].IndexOf('=');
            i = next < 0 ? -1 : i + 1 + next;
        }

        return new(right, wrong);
    }

    private static bool TryEvaluateBefore(ReadOnlySpan<char> text, int end, out double value)
    {
        var before = text[Math.Max(0, end - Longest)..end];
        var sum = before[(before.LastIndexOfAnyExcept(s_parts) + 1)..];
        // A word's last letter may be an x, and its comma or full stop no part of the sum.
        return ArithmeticSum.TryEvaluate(sum.TrimStart(" .,x×*/÷)"), out value);
    }
}
