using Microsoft.Extensions.AI;

namespace LlmKit.Control.Guardrails;

/// <summary>What an answer says of its sources beside its text.</summary>
internal static class Citations
{
    /// <summary>Gives annotations whose texts went through what is done to texts; the same ones where nothing was changed.</summary>
    /// <param name="annotations">The annotations.</param>
    /// <param name="clean">Gives what may be shown of a text.</param>
    public static IList<AIAnnotation>? Cleaned(IList<AIAnnotation>? annotations, Func<string?, string?> clean) =>
        Changed(annotations, citation => Cleaned(citation, clean));

    /// <summary>Gives annotations that do not say where they stand: the text that they stand at is another one.</summary>
    public static IList<AIAnnotation>? WithoutPlaces(IList<AIAnnotation>? annotations) =>
        Changed(annotations, citation => citation.AnnotatedRegions is null ? citation : Copy(citation, citation.Title, citation.Snippet, citation.Url, regions: null));

    private static CitationAnnotation Cleaned(CitationAnnotation citation, Func<string?, string?> clean)
    {
        var (title, snippet) = (clean(citation.Title), clean(citation.Snippet));
        // An address of which something is taken out leads nowhere.
        var url = citation.Url is { } address && clean(address.OriginalString) == address.OriginalString ? citation.Url : null;
        return title == citation.Title && snippet == citation.Snippet && url == citation.Url ? citation : Copy(citation, title, snippet, url, citation.AnnotatedRegions);
    }

    private static CitationAnnotation Copy(CitationAnnotation citation, string? title, string? snippet, Uri? url, IList<AnnotatedRegion>? regions) => new()
    {
        Title = title,
        Snippet = snippet,
        Url = url,
        FileId = citation.FileId,
        ToolName = citation.ToolName,
        AnnotatedRegions = regions,
        AdditionalProperties = citation.AdditionalProperties,
    };

    private static IList<AIAnnotation>? Changed(IList<AIAnnotation>? annotations, Func<CitationAnnotation, CitationAnnotation> change)
    {
        if (annotations is null or { Count: 0 })
            return annotations;
        AIAnnotation[] changed = [.. annotations.Select(annotation => annotation is CitationAnnotation citation ? change(citation) : annotation)];
        return changed.AsSpan().SequenceEqual([.. annotations]) ? annotations : changed;
    }
}
