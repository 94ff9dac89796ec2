using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace LlmKit.Observability.Traces;

/// <summary>The page on which traces are looked at: written by hand, embedded, the same for a report and for a live page.</summary>
internal static class ViewerPage
{
    // They share one scope, so an earlier one must not run what a later one defines.
    private static readonly string[] Scripts =
    [
        "dom.js", "format.js", "steps.js", "report.js", "live.js", "filters.js", "sorting.js", "overview.js", "row.js", "list.js", "waterfall.js", "lanes.js", "content.js", "decisions.js",
        "cost.js", "call.js", "trace.js", "diff.js", "compare.js", "series.js", "chart.js", "charts.js", "refresh.js", "app.js",
    ];

    private static readonly string[] Styles = ["base.css", "page.css", "list.css", "trace.css", "call.css", "compare.css", "charts.css", "narrow.css"];

    private static readonly string[] Frame = Read("viewer.html").Split("{{data}}");

    /// <summary>The style sheet, as it stands in the page.</summary>
    public static string Style { get; } = string.Concat(Styles.Select(Read));

    /// <summary>The script, as it stands in the page.</summary>
    public static string Script { get; } = $"(() => {{\n\"use strict\";\n{string.Concat(Scripts.Select(Read))}}})();\n";

    private static string Allowed { get; } = $"style-src '{HashOf(Style)}'; script-src '{HashOf(Script)}'; ";

    /// <summary>The end of the page, behind its data.</summary>
    public static ReadOnlyMemory<byte> After { get; } = Encoding.UTF8.GetBytes(Frame[1].Replace("{{script}}", Script, StringComparison.Ordinal));

    /// <summary>The beginning of the page, up to its data.</summary>
    public static ReadOnlyMemory<byte> Before(string title, bool isLive) => Encoding.UTF8.GetBytes(Frame[0]
        .Replace("{{policy}}", Policy(isLive), StringComparison.Ordinal)
        .Replace("{{style}}", Style, StringComparison.Ordinal)
        .Replace("{{title}}", WebUtility.HtmlEncode(title), StringComparison.Ordinal));

    /// <summary>What a browser may do with the page: run its script, use its style, for a live page talk to where it came from, and nothing else.</summary>
    public static string Policy(bool isLive) =>
        $"default-src 'none'; img-src data:; {Allowed}{(isLive ? "connect-src 'self'; " : "")}"
        + "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private static string HashOf(string text) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    // A browser takes every end of a line for a line feed before it hashes.
    private static string Read(string name)
    {
        using var stream = typeof(ViewerPage).Assembly.GetManifestResourceStream("LlmKit.Viewer." + name)
            ?? throw new InvalidOperationException($"The viewer's part '{name}' is missing from the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
