namespace LlmKit.Tests.Text.Secrets;

/// <summary>How the keys of one family look by the public rule, and keys drawn from it.</summary>
/// <param name="Rule">The rule that should fire.</param>
/// <param name="Prefix">The reserved prefix, in parts that are put together.</param>
/// <param name="Alphabet">The characters of the body.</param>
/// <param name="Length">The length of the body.</param>
/// <param name="Suffix">What follows the body.</param>
public sealed record SecretFamily(string Rule, string[] Prefix, string Alphabet, int Length, string Suffix = "")
{
    public string Draw(Random chance) => string.Concat(Prefix) + Body(chance, Alphabet, Length) + Suffix;

    public static string Body(Random chance, string alphabet, int length) =>
        string.Create(length, (chance, alphabet), static (span, state) =>
        {
            foreach (ref var c in span)
                c = state.alphabet[state.chance.Next(state.alphabet.Length)];
        });

    public override string ToString() => $"{Rule} {string.Concat(Prefix)}";
}
