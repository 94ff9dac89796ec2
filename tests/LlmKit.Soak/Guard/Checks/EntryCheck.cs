using LlmKit.Soak.Guard.Texts;
using LlmKit.Text;
using LlmKit.Text.Hidden;
using LlmKit.Text.Injection;
using LlmKit.Text.Leaks;

namespace LlmKit.Soak.Guard.Checks;

/// <summary>Every public entry takes every text, and what it finds lies within it.</summary>
internal static class EntryCheck
{
    public static void Run(GuardCase one)
    {
        var text = one.Draw(HostileText.Draw(one));
        Redact(one, Subjects.Draw(one), text);
        foreach (var (name, detector) in Subjects.Detectors)
            Scan(one, name, detector, text);
        FromTexts(one, text);
        Suspect(one, text);
    }

    public static void Redact(GuardCase one, TextRedactor redactor, string text)
    {
        var seen = redactor.Inspect(text);
        one.Expect(redactor.Redact(text) == seen.Text, "Redact equals Inspect");
        one.Expect(redactor.Find(text).SequenceEqual(seen.Hits), "Find equals Inspect");
        one.Expect(seen.Hits.Count > 0 || ReferenceEquals(seen.Text, text), "a text without a match stays the same reference");
        var end = 0;
        foreach (var hit in seen.Hits)
        {
            one.Expect(hit.Start >= end && hit.Length > 0 && hit.End <= text.Length, $"the matches are ordered, apart and within the text, {hit.Rule}");
            end = hit.End;
        }
    }

    public static void Suspect(GuardCase one, string text)
    {
        var verdict = new InjectionDetector(one.Chance.Next(1, 5)).Evaluate(text);
        one.Expect(verdict.Hits.All(hit => hit.Start >= 0 && hit.Length > 0 && hit.End <= text.Length), "what is suspected lies within the text");
        one.Expect(verdict.Score >= 0, "no score is negative");
        foreach (var message in HiddenText.Decode(text))
            one.Expect(message.Start >= 0 && message.Length > 0 && message.Start + message.Length <= text.Length, "hidden messages lie within the text");
    }

    private static void Scan(GuardCase one, string name, ISpanDetector detector, string text)
    {
        var from = one.Chance.Next(text.Length + 1);
        var hits = new TextHitCollector(DetectionScore.Low);
        detector.Scan(text, from, ref hits);
        foreach (var hit in hits.Hits ?? [])
            one.Expect(hit.Start >= 0 && hit.Length > 0 && hit.End <= text.Length, $"{name} finds what lies within the text");
        var open = detector.EarliestOpen(text, from);
        one.Expect(open >= from && open <= text.Length, $"{name} says what is open within the text");
    }

    // Texts that are given to make a detector of are as hostile as those it reads.
    private static void FromTexts(GuardCase one, string text)
    {
        var given = one.Draw(HostileText.Draw(one, 5));
        var canary = Canary.For(given);
        var leak = new PromptLeakDetector([given, text], one.Chance.Next(4, 33));
        List<ISpanDetector> detectors = [leak, canary.Detector];
        if (!string.IsNullOrWhiteSpace(given))
            detectors.Add(TextDetectors.Terms([given.Length > 50 ? given[..50] : given]));
        var redactor = new TextRedactor(detectors);
        Redact(one, redactor, text);
        one.Expect(!redactor.Redact($"{given} {canary.Token} {text}").Contains(canary.Token, StringComparison.Ordinal), "a canary does not come out");
    }
}
