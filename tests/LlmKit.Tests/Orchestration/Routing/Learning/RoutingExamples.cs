using LlmKit.Orchestration.Routing.Learning;

namespace LlmKit.Tests.Orchestration.Routing.Learning;

/// <summary>Made-up traffic: the weak model fails where a proof is asked for, the strong one nowhere.</summary>
internal static class RoutingExamples
{
    private static readonly string[] s_subjects = ["parcel", "invoice", "contract", "engine", "garden", "river"];

    /// <summary>Gives so many examples, every other one hard.</summary>
    public static List<RoutingExample> Draw(int count, int seed = 1)
    {
        var chance = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(index => Draw(chance, isHard: index % 2 == 0))];
    }

    public static string Prompt(Random chance, bool isHard)
    {
        var subject = s_subjects[chance.Next(s_subjects.Length)];
        var number = chance.Next(10, 99);
        return isHard ? $"Prove that the {subject} has {number} parts." : $"Name the {subject} number {number} again.";
    }

    private static RoutingExample Draw(Random chance, bool isHard) =>
        new(Prompt(chance, isHard)) { Weak = isHard ? 0 : 1, Strong = 1, Draft = isHard ? "It has 3 x 4 = 15 parts" : "It is number 12." };
}
