namespace LlmKit;

/// <summary>A document that a retrieval found, as its span tells it when content is on.</summary>
/// <param name="Id">What it is found by again.</param>
/// <param name="Score">How well it fits, as the index says; <see langword="null"/> where it does not say.</param>
public sealed record TraceDocument(string Id, double? Score = null)
{
    /// <summary>Gets the document's title.</summary>
    public string? Title { get; init; }

    /// <summary>Gets where it lies. Its query is not written: addresses hold keys there.</summary>
    public Uri? Uri { get; init; }

    /// <summary>Gets the passage that was found.</summary>
    public string? Content { get; init; }
}
