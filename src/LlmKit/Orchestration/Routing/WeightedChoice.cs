namespace LlmKit.Orchestration.Routing;

/// <summary>Orders models by a weighted draw. Thread-safe; with a seed the sequence of draws repeats.</summary>
internal sealed class WeightedChoice(int? seed)
{
    private readonly Lock _lock = new();
    private readonly Random _random = seed is { } value ? new(value) : new();

    /// <summary>Gives the indexes of the models: the drawn one first, the others by falling weight.</summary>
    public int[] Order(double[] weights)
    {
        var drawn = Draw(weights);
        var order = Enumerable.Range(0, weights.Length).Where(index => index != drawn).OrderByDescending(index => weights[index]).ToArray();
        return [drawn, .. order];
    }

    private int Draw(double[] weights)
    {
        double point;
        lock (_lock)
            point = _random.NextDouble() * weights.Sum();
        for (var i = 0; i < weights.Length; i++)
        {
            point -= weights[i];
            if (point < 0)
                return i;
        }

        return Math.Max(0, Array.FindLastIndex(weights, weight => weight > 0));
    }
}
