using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Replay;

/// <summary>Writes and reads citations.</summary>
internal static class AnnotationJson
{
    /// <exception cref="CassetteException">It is another kind of annotation, or its region is another than a span of text.</exception>
    public static JsonArray? Of(IList<AIAnnotation>? annotations, Func<string, string> clean) =>
        annotations is not { Count: > 0 } ? null : [.. annotations.Select(annotation => Of(annotation, clean))];

    public static List<AIAnnotation>? Read(JsonNode? node) =>
        node is not JsonArray list ? null : [.. list.Select(item => Read(item.Object("an annotation")))];

    private static JsonObject Of(AIAnnotation annotation, Func<string, string> clean)
    {
        if (annotation.GetType() != typeof(CitationAnnotation))
            throw Unknown(annotation);
        var citation = (CitationAnnotation)annotation;
        var json = new JsonObject()
            .Put("title", Clean(citation.Title))
            .Put("url", Clean(citation.Url?.OriginalString))
            .Put("file", citation.FileId)
            .Put("tool", citation.ToolName)
            .Put("snippet", Clean(citation.Snippet));
        if (citation.AnnotatedRegions is { Count: > 0 } regions)
            json["regions"] = new JsonArray([.. regions.Select(Span)]);
        return json;

        string? Clean(string? text) => text is null ? null : clean(text);
    }

    private static JsonNode Span(AnnotatedRegion region) => region is TextSpanAnnotatedRegion span
        ? new JsonArray(JsonValue.Create(span.StartIndex), JsonValue.Create(span.EndIndex))
        : throw Unknown(region);

    private static CassetteException Unknown(object what) =>
        new($"A cassette cannot hold an annotation of the type '{what.GetType().FullName}'. Only citations with spans of text can be recorded.");

    private static CitationAnnotation Read(JsonObject json) => new()
    {
        Title = json.Text("title"),
        Url = json.Text("url") is { } url ? new(url, UriKind.RelativeOrAbsolute) : null,
        FileId = json.Text("file"),
        ToolName = json.Text("tool"),
        Snippet = json.Text("snippet"),
        AnnotatedRegions = json["regions"] is JsonArray regions ? [.. regions.Select(Span)] : null,
    };

    private static AnnotatedRegion Span(JsonNode? region) => region is JsonArray span
        ? new TextSpanAnnotatedRegion { StartIndex = span[0]?.GetValue<int>(), EndIndex = span[1]?.GetValue<int>() }
        : throw new FormatException("a region is no array");
}
