namespace LlmKit.Orchestration.Routing.Learning.Features;

/// <summary>What a text looks like to a linear model: a few numbers at places of a long vector that is zero elsewhere.</summary>
/// <param name="Indexes">The places, each once.</param>
/// <param name="Values">The numbers at the places.</param>
internal readonly record struct FeatureVector(int[] Indexes, float[] Values)
{
    /// <summary>Gives the product with a dense vector.</summary>
    public double Dot(float[] weights)
    {
        var sum = 0.0;
        for (var i = 0; i < Indexes.Length; i++)
            sum += weights[Indexes[i]] * Values[i];
        return sum;
    }

    /// <summary>Adds a multiple of this vector to a dense one.</summary>
    public void AddTo(float[] weights, double factor)
    {
        for (var i = 0; i < Indexes.Length; i++)
            weights[Indexes[i]] += (float)(factor * Values[i]);
    }

    public double SquaredLength()
    {
        var sum = 0.0;
        foreach (var value in Values)
            sum += value * value;
        return sum;
    }
}
