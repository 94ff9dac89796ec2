using System.Diagnostics;
using LlmKit.Text;
using LlmKit.Text.Injection;

namespace Evaluate;

/// <summary>How fast the whole default rail is: personal data, secrets, hidden text and injection, on one thread.</summary>
internal static class Throughput
{
    private const int Rounds = 7;

    private static readonly TimeSpan s_round = TimeSpan.FromMilliseconds(150);

    /// <summary>The median of some rounds over all texts, in UTF-16 code units a second.</summary>
    public static double Measure(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        var redactor = new TextRedactor([.. TextDetectors.PersonalData, TextDetectors.Secrets, TextDetectors.HiddenText]);
        var length = texts.Sum(text => (long)text.Length);
        var rates = new double[Rounds];
        for (var round = -1; round < Rounds; round++)
        {
            var (clock, passes) = (Stopwatch.StartNew(), 0);
            for (; clock.Elapsed < s_round; passes++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Pass(redactor, texts);
            }

            // The round before the first warms up.
            if (round >= 0)
                rates[round] = length * passes / clock.Elapsed.TotalSeconds;
        }

        Array.Sort(rates);
        return rates[Rounds / 2];
    }

    private static void Pass(TextRedactor redactor, IReadOnlyList<string> texts)
    {
        foreach (var text in texts)
        {
            redactor.Find(text);
            InjectionDetector.Default.Evaluate(text);
        }
    }
}
