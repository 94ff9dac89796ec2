namespace LlmKit.Control.Caching;

/// <summary>An item that an index found.</summary>
/// <param name="Item">The item.</param>
/// <param name="Similarity">The cosine of its own vector and the query.</param>
internal readonly record struct Neighbour<T>(T Item, float Similarity);
