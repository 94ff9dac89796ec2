using System.Globalization;
using System.Text;
using LlmKit.Orchestration.Routing.Learning;

namespace LlmKit.Benchmarks.Routing;

/// <summary>Made-up prompts of a wanted length, always the same ones, and what came of them: the weak model fails more often where much is to be done.</summary>
internal sealed class RoutingPrompts
{
    private const int Seed = 7;
    private const double WordAfterWord = 0.92;
    private const double NumberAfterWord = 0.97;

    private static readonly string[] Stems =
    [
        "account", "answer", "bridge", "circle", "compare", "contract", "corner", "count", "deliver", "depot", "divide", "engine", "explain", "factor",
        "field", "garden", "harbour", "invoice", "journey", "ladder", "letter", "market", "measure", "model", "number", "office", "order", "parcel",
        "prove", "question", "reason", "record", "report", "result", "return", "river", "signal", "solve", "station", "survey", "ticket", "transport",
    ];

    private static readonly string[] Endings = ["", "s", "ed", "ing", "er", "able", "ment", "less"];

    private readonly Random _chance = new(Seed);

    public string Next(int length)
    {
        var text = new StringBuilder(length + 16);
        while (text.Length < length)
        {
            text.Append(Stems[_chance.Next(Stems.Length)]).Append(Endings[_chance.Next(Endings.Length)]);
            _ = _chance.NextDouble() switch
            {
                < WordAfterWord => text.Append(' '),
                < NumberAfterWord => text.Append(CultureInfo.InvariantCulture, $" {_chance.Next(1, 2_000)} "),
                _ => text.Append(". "),
            };
        }

        return text.ToString(0, length);
    }

    public RoutingExample[] Examples(int count, int length) => [.. Enumerable.Range(0, count).Select(_ => Example(length))];

    private RoutingExample Example(int length)
    {
        const double ofTheStrong = 0.85;
        const double ofTheWeak = 0.75;
        const double ofTheWeakAtProofs = 0.35;
        var prompt = Next(length);
        var weak = prompt.Contains("prove", StringComparison.Ordinal) ? ofTheWeakAtProofs : ofTheWeak;
        return new(prompt) { Weak = Score(weak), Strong = Score(ofTheStrong) };
    }

    private double Score(double share) => _chance.NextDouble() < share ? 1 : 0;
}
