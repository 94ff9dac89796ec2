using System.Numerics.Tensors;

namespace LlmKit.Control.Caching;

/// <summary>What the similarity of two requests is judged by.</summary>
/// <param name="Vector">The embedded text, of length 1, so that the dot product of two is their cosine; in half precision, which is exact to a ten-thousandth.</param>
/// <param name="Facets">What the guards look at.</param>
internal sealed record SemanticText(Half[] Vector, TextFacets Facets)
{
    public long Size => 64 + (3L * Vector.Length) + Facets.Size;

    public static SemanticText Of(ReadOnlySpan<float> unit, string text)
    {
        var vector = new Half[unit.Length];
        TensorPrimitives.ConvertToHalf(unit, vector);
        return new(vector, TextFacets.Of(text));
    }
}
