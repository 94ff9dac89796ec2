using System.Numerics;
using System.Numerics.Tensors;

namespace LlmKit.Control.Caching;

/// <summary>Turns vectors into whole numbers from -127 to 127, of which the largest in size becomes 127.</summary>
internal static class Int8Quantizer
{
    private const float Largest = 127;

    /// <summary>Fills the target, with zeros beyond the vector, and gives the value of one step.</summary>
    public static float Quantize<TNumber>(ReadOnlySpan<float> vector, Span<TNumber> target)
        where TNumber : unmanaged, IBinaryInteger<TNumber>
    {
        var size = Math.Abs(TensorPrimitives.MaxMagnitude(vector));
        var scale = size > 0 ? Largest / size : 0;
        for (var i = 0; i < vector.Length; i++)
            target[i] = TNumber.CreateTruncating((int)MathF.Round(vector[i] * scale));
        target[vector.Length..].Clear();
        return size / Largest;
    }
}
