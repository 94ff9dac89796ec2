using System.Globalization;
using System.Text;
using LlmKit.Calls;

namespace LlmKit;

/// <summary>What is declared for a feature and how its calls stood to it, on one page that product and platform can agree on. Immutable; it holds names and numbers only.</summary>
/// <param name="Pipeline">The pipeline.</param>
/// <param name="Feature">The feature; <see langword="null"/> for all that have no constraints of their own.</param>
/// <param name="Since">Since when calls are counted.</param>
/// <param name="Calls">How many calls have ended since; those that their callers left do not count.</param>
/// <param name="Lines">The constraints on time and cost.</param>
public sealed record LlmConstraintSheet(string Pipeline, string? Feature, DateTimeOffset Since, long Calls, IReadOnlyList<ConstraintLine> Lines)
{
    /// <summary>Gets how often a request may be answered otherwise when it is asked again; <see langword="null"/> where nothing is declared.</summary>
    public double? Tolerance { get; init; }

    /// <summary>Gets how often it was, when it was last measured; <see langword="null"/> before that.</summary>
    public MeasuredDisagreement? Disagreement { get; init; }

    /// <summary>Writes the page.</summary>
    /// <returns>Markdown.</returns>
    public string ToMarkdown()
    {
        var page = new StringBuilder();
        Line(page, $"# {Inline(Feature ?? "All other features")}: what is promised, and what came of it");
        Line(page, $"");
        Line(page, $"Pipeline {Inline(Pipeline)}, {Calls:N0} calls since {Since:yyyy-MM-dd HH:mm} UTC.");
        Line(page, $"");
        Line(page, $"| Constraint | At most | Met | Median | 95 of 100 within | Worst |");
        Line(page, $"|---|---|---|---|---|---|");
        foreach (var line in Lines)
            Line(page, $"| {Title(line.Name)} | {Amount(line, line.Limit)} | {MetBy(line)} | {Seen(line, line.Median)} | {Seen(line, line.P95)} | {Seen(line, line.Worst)} |");
        if (Tolerance is { } tolerance)
            Line(page, $"| Another answer when asked again | {tolerance:P1} | {Measured(tolerance)} | | | |");
        return page.ToString();
    }

    /// <inheritdoc/>
    public override string ToString() => ToMarkdown();

    private string Measured(double tolerance) => Disagreement is not { } measured
        ? "not measured yet"
        : string.Create(CultureInfo.InvariantCulture, $"{(measured.Rate.High <= tolerance ? "yes" : measured.Rate.Low > tolerance ? "no" : "not shown")}: {measured.Rate.Value:P1}, at most {measured.Rate.High:P1} ({measured.Requests} requests, {measured.At:yyyy-MM-dd})");

    private static string Title(string name) => name switch
    {
        ConstraintJudge.Latency => "Time to the whole answer",
        ConstraintJudge.FirstContent => "Time to the first content of a stream",
        ConstraintJudge.Cost => "Cost of a call",
        _ => "Cost of an interaction, at each of its calls",
    };

    private static string MetBy(ConstraintLine line) => line.ShareMet is not { } share
        ? "no calls yet"
        : string.Create(CultureInfo.InvariantCulture, $"{line.Met:N0} of {line.Calls:N0} ({share:P2}, at least {line.ShareMetAtLeast:P2})");

    private static string Seen(ConstraintLine line, decimal value) => line.Calls == 0 ? "" : Amount(line, value);

    private static string Amount(ConstraintLine line, decimal value) => line.Name is ConstraintJudge.Latency or ConstraintJudge.FirstContent
        ? string.Create(CultureInfo.InvariantCulture, $"{value:0.###} s")
        : string.Create(CultureInfo.InvariantCulture, $"{value:0.######} USD");

    // A name is anybody's text: it must not become a link, a cell or a line of its own, nor turn the line around.
    private static string Inline(string name) => string.Concat(name.Select(c =>
        char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? " "
        : char.IsAsciiLetterOrDigit(c) || c is ' ' or '-' or '.' || c > 127 ? c.ToString()
        : "\\" + c));

    private static void Line(StringBuilder page, FormattableString line) => page.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
