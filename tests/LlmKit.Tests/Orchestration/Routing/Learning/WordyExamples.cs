using LlmKit.Orchestration.Routing.Learning;

namespace LlmKit.Tests.Orchestration.Routing.Learning;

/// <summary>Made-up traffic that is hard to learn: many words, each of which tells a little of whether the weak model fails, and so does the length.</summary>
internal static class WordyExamples
{
    private const int Words = 300;
    private const int Telling = 60;

    /// <summary>Gives so many examples, of which both answers are known, or each model's in turn.</summary>
    public static List<RoutingExample> Draw(int count, int seed, bool oneSided)
    {
        var chance = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(index =>
        {
            var both = Draw(chance);
            return !oneSided ? both : index % 2 == 0 ? both with { Strong = null, Propensity = 0.5 } : both with { Weak = null, Propensity = 0.5 };
        })];
    }

    private static RoutingExample Draw(Random chance)
    {
        int[] words = [.. Enumerable.Range(0, chance.Next(10, 40)).Select(_ => chance.Next(Words))];
        var hard = words.Count(word => word < Telling) / (double)words.Length * Words / Telling;
        var fails = 1 / (1 + Math.Exp(-((2.5 * (hard - 1)) + (0.03 * (words.Length - 25)) - 0.5)));
        return new(string.Join(' ', words.Select(word => $"w{word}x"))) { Weak = chance.NextDouble() < fails ? 0 : 1, Strong = chance.NextDouble() < 0.9 ? 1 : 0 };
    }
}
