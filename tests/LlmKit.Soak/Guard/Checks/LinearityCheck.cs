using LlmKit.Soak.Guard.Texts;
using LlmKit.Text;
using LlmKit.Text.Hidden;
using LlmKit.Text.Injection;
using LlmKit.Text.Leaks;
using LlmKit.Text.Placeholders;

namespace LlmKit.Soak.Guard.Checks;

/// <summary>Twice the text takes about twice the processor time, whatever is repeated in it.</summary>
internal static class LinearityCheck
{
    private const string All = "all detectors";
    private const int Length = 100_000;
    private const int Times = 3;

    // A text of this length that is read so fast is not read quadratically.
    private static readonly TimeSpan s_nothing = TimeSpan.FromMilliseconds(4);

    private static readonly (string Name, Func<GuardCase, Action<string>> Draw)[] s_works =
    [
        ("one detector", static one => Detector(one, one.Pick(Subjects.Detectors))),
        ("one detector", static one => Detector(one, one.Pick(Subjects.Detectors.Take(24).ToList()))),
        (All, static _ => text => Subjects.All.Redact(text)),
        ("injection", static _ => text => InjectionDetector.Default.Evaluate(text)),
        ("hidden text", static _ => text => HiddenText.Decode(text)),
        ("making a leak detector", static _ => text => new PromptLeakDetector([text])),
        ("stream", Stream),
        ("restoring", static _ => text => Restore(text)),
    ];

    public static void Run(GuardCase one)
    {
        var (ofLength, recipe) = HostileText.Repetition(one);
        var work = one.Pick(s_works);
        one.Note($"{work.Name}: {recipe}");
        var run = work.Draw(one);
        var (once, twice) = (ofLength(Length), ofLength(2 * Length));
        var growth = Growth.Of(run, once, twice, Times, s_nothing);
        if (growth.Twice >= s_nothing && !growth.IsLinear)
            one.Expect(false, $"twice the text takes {growth.Ratio:0.0} times the time{(work.Name == All ? $", {Slowest(once, twice)} the most" : "")}");
    }

    /// <summary>Names the detector that reads the text by far the worst.</summary>
    private static string Slowest(string once, string twice) =>
        Subjects.Detectors.MaxBy(known =>
        {
            var redactor = new TextRedactor([known.Detector], new() { MinScore = DetectionScore.Low });
            return Growth.Measure(text => redactor.Redact(text), twice) - Growth.Measure(text => redactor.Redact(text), once);
        }).Name;

    private static Action<string> Detector(GuardCase one, (string Name, ISpanDetector Detector) subject)
    {
        one.Note(subject.Name);
        var redactor = new TextRedactor([subject.Detector], new() { MinScore = DetectionScore.Low });
        return text => redactor.Redact(text);
    }

    private static Action<string> Stream(GuardCase one)
    {
        var subject = one.Pick(Subjects.Detectors);
        one.Note(subject.Name);
        var redactor = new TextRedactor([subject.Detector], new() { MinScore = DetectionScore.Low });
        return text =>
        {
            var stream = redactor.OpenStream();
            foreach (var piece in HostileText.Pieces(text, [100]))
                stream.Append(piece.AsSpan());
            stream.Complete();
        };
    }

    private static void Restore(string text)
    {
        var placeholders = new PlaceholderMap();
        placeholders.Avoid(text);
        placeholders.For("EMAIL", "jane@example.com");
        PlaceholderRestorer.Restore(text, placeholders);
    }
}
