using System.Numerics.Tensors;
using LlmKit.Control.Caching;

namespace LlmKit.Benchmarks.Control;

/// <summary>An item of an index with a vector of random direction.</summary>
internal sealed class VectorItem(Half[] vector) : IIndexedVector
{
    // As many as an index's rows would take a gigabyte; the scan reads the rows and not these.
    private const int Different = 2_000;

    public ReadOnlySpan<Half> Vector => vector;

    public static VectorItem[] Some(Random random, int dimensions)
    {
        var items = new VectorItem[Different];
        for (var i = 0; i < Different; i++)
        {
            var half = new Half[dimensions];
            TensorPrimitives.ConvertToHalf(Unit(random, dimensions), half);
            items[i] = new(half);
        }

        return items;
    }

    public static float[] Unit(Random random, int dimensions)
    {
        var vector = new float[dimensions];
        foreach (ref var number in vector.AsSpan())
            number = random.NextSingle() + random.NextSingle() + random.NextSingle() - 1.5f;
        TensorPrimitives.Divide(vector, TensorPrimitives.Norm(vector), vector);
        return vector;
    }
}
