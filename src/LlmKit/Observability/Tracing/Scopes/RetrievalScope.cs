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
        if (Span is not { IsAllDataRequested: true })
            return;
        if (topK is { } most)
            Span.SetTag(policy.Names.RetrievalTopK, policy.Names.TopKIsInteger ? most : (object)(double)most);
        if (query is not null && policy.Content?.Text(query) is { } text)
        {
            Span.SetCustomProperty(LlmKitDiagnostics.CleanProperty, LlmKitDiagnostics.CleanProperty);
            Span.SetTag(policy.Names.RetrievalQuery, text);
        }
    }

    /// <summary>Tells what was found. How many is always recorded, which ones only with content.</summary>
    /// <param name="documents">The documents, best first.</param>
    public void SetDocuments(IReadOnlyList<TraceDocument> documents)
    {
        ArgumentNullException.ThrowIfNull(documents);
        if (Span is not { IsAllDataRequested: true })
            return;
        Span.SetTag(LlmKitDiagnostics.RetrievalDocumentCountTag, documents.Count);
        if (Policy.Content is { } content && documents.Count > 0)
        {
            Span.SetCustomProperty(LlmKitDiagnostics.CleanProperty, LlmKitDiagnostics.CleanProperty);
            Span.SetTag(Policy.Names.RetrievalDocuments, content.Documents(documents));
        }
    }
}
