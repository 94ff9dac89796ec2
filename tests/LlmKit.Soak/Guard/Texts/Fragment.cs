namespace LlmKit.Soak.Guard.Texts;

/// <summary>A piece of a hostile text, with a name that may be printed.</summary>
internal sealed record Fragment(string Name, string Text);
