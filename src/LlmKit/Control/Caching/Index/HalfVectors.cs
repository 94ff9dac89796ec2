using System.Numerics.Tensors;

namespace LlmKit.Control.Caching;

/// <summary>Compares with vectors that are kept in half precision.</summary>
internal static class HalfVectors
{
    /// <summary>How many numbers are converted at once: they stay in the fastest cache, and the buffer on the stack.</summary>
    public const int Block = 512;

    public static float Dot(ReadOnlySpan<float> query, ReadOnlySpan<Half> vector, Span<float> buffer)
    {
        var sum = 0f;
        for (var start = 0; start < query.Length; start += Block)
        {
            var length = Math.Min(Block, query.Length - start);
            TensorPrimitives.ConvertToSingle(vector.Slice(start, length), buffer);
            sum += TensorPrimitives.Dot(query.Slice(start, length), buffer[..length]);
        }

        return sum;
    }
}
