namespace LlmKit.Orchestration.Routing.Dispatching;

/// <summary>Orders models by weighted draws. Thread-safe; with a seed the sequence of draws repeats.</summary>
internal sealed class WeightedChoice(int? seed)
{
    private readonly Lock _lock = new();
    private readonly Random _random = seed is { } value ? new(value) : new();

    /// <summary>Draws a number from 0 to below 1.</summary>
    public double Draw()
    {
        lock (_lock)
            return _random.NextDouble();
    }

    /// <summary>Gives the indexes of the models: each place is drawn by weight among those left, so that one which drops out leaves its share to all; those of weight 0 come last, in order.</summary>
    /// <remarks>The order of exponential waiting times, whose rates are the weights (Efraimidis and Spirakis, 2006).</remarks>
    public int[] Order(double[] weights)
    {
        var waits = new double[weights.Length];
        lock (_lock)
        {
            for (var i = 0; i < waits.Length; i++)
                waits[i] = weights[i] > 0 ? -Math.Log(1 - _random.NextDouble()) / weights[i] : double.PositiveInfinity;
        }

        return [.. Enumerable.Range(0, waits.Length).OrderBy(index => waits[index])];
    }
}
