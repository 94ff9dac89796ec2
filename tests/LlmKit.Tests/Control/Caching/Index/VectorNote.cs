using System.Numerics.Tensors;
using LlmKit.Control.Caching;

namespace LlmKit.Tests.Control.Caching.Index;

/// <summary>An item of an index, with a vector of random direction unless one is given.</summary>
internal sealed class VectorNote(float[] unit) : IIndexedVector
{
    private readonly Half[] _vector = ToHalf(unit);

    public VectorNote(Random random, int dimensions)
        : this(Direction(random, dimensions))
    {
    }

    public ReadOnlySpan<Half> Vector => _vector;

    public float[] Numbers => [.. _vector.Select(number => (float)number)];

    public static float[] Direction(Random random, int dimensions) =>
        Unit([.. Enumerable.Range(0, dimensions).Select(_ => random.NextSingle() + random.NextSingle() + random.NextSingle() - 1.5f)]);

    /// <summary>Gives a direction close to another: the cosine is about 1 / sqrt(1 + distance²).</summary>
    public static float[] Near(Random random, float[] unit, float distance) =>
        Unit([.. unit.Zip(Direction(random, unit.Length), (number, other) => number + (distance * other))]);

    public float Similarity(float[] query) => TensorPrimitives.Dot(query, Numbers);

    private static float[] Unit(float[] vector)
    {
        TensorPrimitives.Divide(vector, TensorPrimitives.Norm(vector), vector);
        return vector;
    }

    private static Half[] ToHalf(float[] vector) => [.. vector.Select(number => (Half)number)];
}
