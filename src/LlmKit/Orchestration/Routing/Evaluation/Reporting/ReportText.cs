using System.Net;

namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>Texts of a page.</summary>
internal static class ReportText
{
    /// <summary>Makes a name or a sentence of somebody else's a text that no browser takes for anything else.</summary>
    public static string Encode(string? text) => WebUtility.HtmlEncode(text ?? "");
}
