using System.Net;
using LlmKit.Calls;

namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>Texts of a page.</summary>
internal static class ReportText
{
    private const string Nothing = "–";

    /// <summary>Makes a name or a sentence of somebody else's a text that no browser takes for anything else.</summary>
    public static string Encode(string? text) => WebUtility.HtmlEncode(text ?? "");

    public static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    public static string Percent(double? share) => share is null ? Nothing : Invariant($"{share:0.0%}");

    public static string Part(double? part) => part is null ? Nothing : Invariant($"{part:0.000}");

    public static string Money(double cost) => Invariant($"{cost:0.######}");

    public static string Cell(string text) => $"<td>{Encode(text)}</td>";

    /// <summary>Gives a cell with a figure and, below it, the range that it is likely in.</summary>
    public static string Cell(Interval? interval, Func<double, string> format) =>
        interval is { } of ? $"<td>{Encode(format(of.Value))}<small>{Encode(format(of.Low))} to {Encode(format(of.High))}</small></td>" : Cell(Nothing);
}
