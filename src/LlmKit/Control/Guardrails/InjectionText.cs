using LlmKit.Text.Encoded;
using LlmKit.Text.Hidden;
using LlmKit.Text.Injection;

namespace LlmKit.Control.Guardrails;

/// <summary>Looks for attempts to override instructions in a text, in what it hides, and in what it says in other codes.</summary>
internal static class InjectionText
{
    public const string Rule = "prompt-injection";

    /// <summary>Evaluates a text. Of what was hidden or encoded, the places are those where it stands.</summary>
    public static InjectionVerdict Evaluate(string text)
    {
        var verdict = InjectionDetector.Default.Evaluate(text);
        if (verdict.IsSuspected)
            return verdict;
        foreach (var message in HiddenText.Decode(text))
        {
            if (InjectionDetector.Default.Evaluate(message.Text) is { IsSuspected: true } hidden)
                return At(hidden, message.Start, message.Length);
        }

        InjectionVerdict? encoded = null;
        EncodedText.Decode(text, decoded =>
        {
            if (InjectionDetector.Default.Evaluate(decoded.Text) is { IsSuspected: true } found)
                encoded = At(found, decoded.Start, decoded.Length);
            return encoded is null;
        });
        return encoded ?? verdict;
    }

    private static InjectionVerdict At(in InjectionVerdict verdict, int start, int length) =>
        verdict with { Hits = [.. verdict.Hits.Select(hit => hit with { Start = start, Length = length })] };
}
