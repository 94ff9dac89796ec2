namespace LlmKit.Control.Caching;

/// <summary>A word, number or code of a text.</summary>
/// <param name="Text">As it stands in the text, without a possessive ending.</param>
/// <param name="Lower">In lower case, without the dots of an abbreviation.</param>
/// <param name="StartsSentence">Whether a sentence starts with it, so that a capital says nothing.</param>
/// <param name="Start">Where it starts.</param>
/// <param name="End">Where it ends.</param>
internal readonly record struct TextToken(string Text, string Lower, bool StartsSentence, int Start, int End);
