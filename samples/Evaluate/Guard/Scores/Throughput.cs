using System.Diagnostics;
using LlmKit.Text;
using LlmKit.Text.Injection;

namespace Evaluate;

/// <summary>How fast the whole default rail is: personal data, secrets, hidden text and injection, on one thread.</summary>
internal static class Throughput
{
    private const int Rounds = 7;

    private static readonly TimeSpan s_round = TimeSpan.FromMilliseconds(150);

    // The runtime compiles what runs often again, and does so in the background.
    private static readonly TimeSpan s_warming = TimeSpan.FromSeconds(2);

    /// <summary>The median of some rounds over all texts, in UTF-16 code units a second.</summary>
    public static double Measure(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        var redactor = new TextRedactor([.. TextDetectors.PersonalData, TextDetectors.Secrets, TextDetectors.HiddenText]);
        var length = texts.Sum(text => (long)text.Length);
        Rate(s_warming);
        var rates = Enumerable.Range(0, Rounds).Select(_ => Rate(s_round)).Order().ToList();
        return rates[Rounds / 2];

        double Rate(TimeSpan time)
        {
            var (clock, passes) = (Stopwatch.StartNew(), 0);
            for (; clock.Elapsed < time; passes++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Pass(redactor, texts);
            }

            return length * passes / clock.Elapsed.TotalSeconds;
        }
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
