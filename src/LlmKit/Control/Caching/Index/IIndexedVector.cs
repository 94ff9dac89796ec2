namespace LlmKit.Control.Caching;

/// <summary>Something that a <see cref="VectorIndex{T}"/> finds by its vector.</summary>
internal interface IIndexedVector
{
    /// <summary>Gets the vector, of length 1. It never changes: readers compare it without a lock.</summary>
    ReadOnlySpan<Half> Vector { get; }
}
