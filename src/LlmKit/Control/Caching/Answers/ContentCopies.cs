using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.Caching;

/// <summary>Copies contents so deeply that nobody who holds one copy can change another.</summary>
internal static class ContentCopies
{
    /// <summary>Copies a content, or gives <see langword="null"/> when it is of a kind that must not or cannot be kept.</summary>
    public static AIContent? Copy(AIContent content)
    {
        AIContent? copy = content switch
        {
            TextContent text => new TextContent(text.Text),
            TextReasoningContent reasoning => new TextReasoningContent(reasoning.Text) { ProtectedData = reasoning.ProtectedData },
            DataContent data => new DataContent(data.Data.ToArray(), data.MediaType) { Name = data.Name },
            UriContent uri => new UriContent(uri.Uri, uri.MediaType),
            FunctionCallContent call => Copy(call),
            _ => null,
        };
        if (copy is null)
            return null;
        copy.AdditionalProperties = Copy(content.AdditionalProperties);
        return content.Annotations is not { Count: > 0 } annotations || TryCopy(annotations, copy) ? copy : null;
    }

    /// <summary>Copies the properties whose values cannot be changed by anybody; the others are dropped.</summary>
    public static AdditionalPropertiesDictionary? Copy(AdditionalPropertiesDictionary? properties)
    {
        if (properties is not { Count: > 0 })
            return null;
        AdditionalPropertiesDictionary? copy = null;
        foreach (var (name, value) in properties)
        {
            if (IsImmutable(value))
                (copy ??= [])[name] = value is JsonElement json ? json.Clone() : value;
        }

        return copy;
    }

    private static FunctionCallContent? Copy(FunctionCallContent call)
    {
        if (call.Exception is not null)
            return null;
        Dictionary<string, object?>? arguments = null;
        foreach (var (name, value) in call.Arguments ?? new Dictionary<string, object?>())
        {
            if (!IsImmutable(value))
                return null;
            (arguments ??= [])[name] = value is JsonElement json ? json.Clone() : value;
        }

        return new(call.CallId, call.Name, arguments) { InformationalOnly = call.InformationalOnly };
    }

    private static bool TryCopy(IList<AIAnnotation> annotations, AIContent copy)
    {
        var list = new List<AIAnnotation>(annotations.Count);
        foreach (var annotation in annotations)
        {
            if (annotation is not CitationAnnotation citation || Copy(citation) is not { } copied)
                return false;
            list.Add(copied);
        }

        copy.Annotations = list;
        return true;
    }

    private static CitationAnnotation? Copy(CitationAnnotation citation)
    {
        var copy = new CitationAnnotation
        {
            Title = citation.Title,
            Url = citation.Url,
            FileId = citation.FileId,
            ToolName = citation.ToolName,
            Snippet = citation.Snippet,
            AdditionalProperties = Copy(citation.AdditionalProperties),
        };
        if (citation.AnnotatedRegions is not { } regions)
            return copy;
        copy.AnnotatedRegions = [];
        foreach (var region in regions)
        {
            if (region is not TextSpanAnnotatedRegion span)
                return null;
            copy.AnnotatedRegions.Add(new TextSpanAnnotatedRegion { StartIndex = span.StartIndex, EndIndex = span.EndIndex });
        }

        return copy;
    }

    private static bool IsImmutable(object? value) =>
        value is null or string or decimal or JsonElement or Enum or Guid or Uri or DateTime or DateTimeOffset or TimeSpan || value.GetType().IsPrimitive;
}
