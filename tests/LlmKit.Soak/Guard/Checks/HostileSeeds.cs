using System.Text;
using LlmKit.Control.Guardrails;

namespace LlmKit.Soak.Guard.Checks;

/// <summary>The beginnings of everything that detectors look for, each repeated without end, read by the rail that the guide begins with. No chance is in it.</summary>
internal static class HostileSeeds
{
    private const int Length = 100_000;
    private const int Times = 7;

    private static readonly (string Name, string Text)[] s_seeds =
    [
        .. ((string[])["a", "a.", "a-", ".", "@", "1-", "1 ", "eyJ", "![", "-----BEGIN ", "://", ":", "("]).Select(seed => ($"'{seed}'", seed)),
        ("zero width", "\u200B"),
    ];

    private static readonly RailRules s_rail = new(new GuardrailOptions().RedactPersonalData().RedactSecrets().RemoveHiddenText().BlockPromptInjection(), Rail.Input);

    /// <summary>Says of each how fast it is read and how much longer twice of it takes, and gives how many broke the promise.</summary>
    public static int Run()
    {
        Console.WriteLine($"hostile seeds, {Length} and {2 * Length} characters of each");
        // What is compiled to its last form on the way is not measured.
        foreach (var (_, seed) in s_seeds)
            Growth.Of(Read, Repeated(seed, Length / 10), Repeated(seed, Length), Times);
        return s_seeds.Sum(seed => Tell(seed.Name, seed.Text));
    }

    private static int Tell(string name, string seed)
    {
        var (once, twice) = (Repeated(seed, Length), Repeated(seed, 2 * Length));
        var growth = Growth.Of(Read, once, twice, Times);
        var speed = twice.Length / growth.Twice.TotalSeconds / 1e6;
        Console.WriteLine($"  {(growth.IsLinear ? "held  " : "BROKEN")} {name,-14} {speed,7:0.0} million characters a second, ratio {growth.Ratio:0.00}");
        return growth.IsLinear ? 0 : 1;
    }

    private static void Read(string text)
    {
        s_rail.Redactor!.Redact(text);
        InjectionText.Evaluate(text);
    }

    private static string Repeated(string seed, int length)
    {
        var text = new StringBuilder(length + seed.Length);
        while (text.Length < length)
            text.Append(seed);
        return text.ToString(0, length);
    }
}
