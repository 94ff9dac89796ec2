using System.Text.RegularExpressions;

namespace Quickstart;

/// <summary>Compares texts in which redaction may have put labels such as <c>[EMAIL]</c> or <c>[CARD_2]</c>.</summary>
internal static partial class LabelledText
{
    // No e-mail address, card, account or key that a label stands for is longer.
    private const int LongestHidden = 200;
    private const int Anchor = 8;

    public static TextMatch Compare(string expected, string actual)
    {
        var (e, a) = (0, 0);
        while (a < actual.Length)
        {
            if (e < expected.Length && expected[e] == actual[a])
            {
                e++;
                a++;
                continue;
            }

            var label = Label().Match(actual, a);
            if (!label.Success)
                return TextMatch.Other;

            a += label.Length;
            if (a == actual.Length)
                return expected.Length - e <= LongestHidden ? TextMatch.Whole : TextMatch.Beginning;
            if (actual[a] == '[')
                continue;

            e = Resume(expected, e, actual, a);
            if (e < 0)
                return TextMatch.Other;
        }

        return e == expected.Length ? TextMatch.Whole : TextMatch.Beginning;
    }

    // Behind a label the texts go on together at the first place where they agree for some characters.
    private static int Resume(string expected, int from, string actual, int a)
    {
        var length = Math.Min(Anchor, actual.Length - a);
        var nextLabel = actual.AsSpan(a, length).IndexOf('[');
        var anchor = actual.AsSpan(a, nextLabel < 0 ? length : nextLabel);
        var within = expected.AsSpan(from, Math.Min(LongestHidden + anchor.Length, expected.Length - from));
        var found = within.IndexOf(anchor, StringComparison.Ordinal);
        return found < 0 ? -1 : from + found;
    }

    [GeneratedRegex(@"\G\[[A-Z][A-Z0-9_ -]{1,30}\]", RegexOptions.CultureInvariant)]
    private static partial Regex Label();
}
