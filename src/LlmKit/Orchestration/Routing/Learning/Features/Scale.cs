namespace LlmKit.Orchestration.Routing.Learning.Features;

/// <summary>Brings numbers of different kinds to one scale: how many standard deviations above the mean each is.</summary>
/// <param name="Means">The mean of each number.</param>
/// <param name="Deviations">The standard deviation of each, above 0.</param>
internal sealed record Scale(double[] Means, double[] Deviations)
{
    public double Of(int index, double value) => (value - Means[index]) / Deviations[index];
}
