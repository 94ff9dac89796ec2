using static LlmKit.Orchestration.Routing.Evaluation.ReportText;

namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>Writes a report as one HTML page.</summary>
internal sealed class ReportPage(RoutingReport report, TextWriter writer)
{
    public void Write()
    {
        var title = Encode(report.Options.Title);
        writer.Write($"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"><title>{title}</title><style>{ReportStyle.Css}</style></head>\n<body><main><header><h1>{title}</h1>");
        if (report.Options.Note is { } note)
            writer.Write($"<p class=\"note\">{Encode(note)}</p>");
        writer.Write("</header>\n");
        if (report.Replay is { } replay)
            new ReplayPart(replay, writer).Write();
        if (report.Policies.Count > 0)
            new CurvePart(report, writer).Write();
        writer.Write("</main></body></html>\n");
    }
}
