using Microsoft.Extensions.AI;

namespace LlmKit.Benchmarks.Inputs;

/// <summary>A question, the same in other words, and any number of unlike ones.</summary>
internal static class Questions
{
    public static ChatMessage[] Original { get; } = Ask("how can a customer change the delivery address of a parcel that is already on its way to them");

    public static ChatMessage[] Reworded { get; } = Ask("how can a customer change the delivery address of a parcel that is now already on its way to them");

    public static ChatMessage[] Unlike(int number) =>
        Ask(string.Join(' ', Enumerable.Range(0, 12).Select(word => Word((number * 37) + (word * 101)))));

    private static ChatMessage[] Ask(string text) => [new(ChatRole.User, text)];

    private static string Word(int number) => string.Create(5, (uint)number * 2654435761u, static (letters, seed) =>
    {
        for (var i = 0; i < letters.Length; i++, seed /= 26)
            letters[i] = (char)('a' + (seed % 26));
    });
}
