using System.Diagnostics;
using LlmKit.Observability.Tracing;

namespace LlmKit;

/// <summary>A search for documents, as a span.</summary>
/// <remarks>Thread-safe. Dispose of it when the search has ended.</remarks>
public sealed class RetrievalScope : TraceScope
{
    internal RetrievalScope(TracingPolicy policy, string? dataSource, string? query, int? topK, bool isRemote, string? provider, string? model)
        : base(
            policy,
            (int)ScopeKind.Retrieval,
            policy.Names.RetrievalOperation,
            dataSource,
            isRemote ? ActivityKind.Client : ActivityKind.Internal,
            [new(policy.Names.DataSourceId, dataSource), new(policy.Names.ProviderName, provider), new(policy.Names.RequestModel, model)])
    {
        if (Facts is not { IsAllDataRequested: true })
            return;
        if (topK is { } most)
            Facts.SetTag(policy.Names.RetrievalTopK, policy.Names.TopKIsInteger ? most : (object)(double)most);
        if (query is null || !WritesTexts || policy.Texts.Text(query) is not { } text)
            return;
        if (policy.Content is not null)
            Facts.SetTag(policy.Names.RetrievalQuery, text);
        Texts?.Query = text;
    }

    /// <summary>Tells what was found. How many is always recorded, which ones only with content.</summary>
    /// <param name="documents">The documents, best first.</param>
    public void SetDocuments(IReadOnlyList<TraceDocument> documents)
    {
        ArgumentNullException.ThrowIfNull(documents);
        if (Facts is not { IsAllDataRequested: true })
            return;
        Facts.SetTag(LlmKitDiagnostics.RetrievalDocumentCountTag, documents.Count);
        if (documents.Count == 0 || !WritesTexts)
            return;
        var json = Policy.Texts.Documents(documents);
        if (Policy.Content is not null)
            Facts.SetTag(Policy.Names.RetrievalDocuments, json);
        Texts?.Documents = json;
    }
}
