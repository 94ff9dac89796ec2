namespace LlmKit.Control.Caching;

/// <summary>What the similarity of two requests is judged by.</summary>
/// <param name="Vector">The embedded text, of length 1, so that the dot product of two is their cosine.</param>
/// <param name="Facets">What the guards look at.</param>
internal sealed record SemanticText(float[] Vector, TextFacets Facets)
{
    public long Size => 64 + (sizeof(float) * (long)Vector.Length) + Facets.Size;
}
