namespace LlmKit.Text.Injection.Phrases;

/// <summary>One intent, the weight its phrases carry and the set of words that deny it, or -1.</summary>
internal readonly record struct PhraseRule(string Name, int Weight, int Unless);
