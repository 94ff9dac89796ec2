using LlmKit.Soak.Guard.Texts;

namespace LlmKit.Soak.Guard;

/// <summary>One case: its own chance, what it drew, and what it found. It names fragments and never holds a text in what it says.</summary>
internal sealed class GuardCase
{
    private readonly List<string> _drawn = [];

    public GuardCase(int seed, int number)
    {
        Number = number;
        Chance = new Random(Mixed(seed, number));
    }

    public int Number { get; }

    public Random Chance { get; }

    /// <summary>Gets or sets the check that is run.</summary>
    public string Check { get; set; } = "";

    public List<string> Findings { get; } = [];

    /// <summary>Gets what the case is made of.</summary>
    public string Recipe => string.Join(" | ", _drawn);

    public T Pick<T>(IReadOnlyList<T> choices) => choices[Chance.Next(choices.Count)];

    public bool Once(int outOf) => Chance.Next(outOf) == 0;

    public string Draw(HostileText text)
    {
        _drawn.Add(text.Recipe);
        return text.Text;
    }

    public void Note(string part) => _drawn.Add(part);

    public void Expect(bool holds, string promise)
    {
        if (!holds)
            Findings.Add(promise);
    }

    // SplitMix64 by Steele, Lea and Flood: seeds that follow each other must not give cases that resemble each other.
    private static int Mixed(int seed, int number)
    {
        unchecked
        {
            var z = ((ulong)(uint)seed << 32 | (uint)number) + 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return (int)((z ^ (z >> 31)) & int.MaxValue);
        }
    }
}
