namespace LlmKit.Text.Encoded;

/// <summary>What an encoded stretch of a text says.</summary>
/// <param name="Start">The index of its first character in the outermost text.</param>
/// <param name="Length">The number of its characters there.</param>
/// <param name="Depth">How many times it was decoded, 1 or more.</param>
/// <param name="Text">What it says. As sensitive, and as little to be trusted, as the text itself.</param>
internal readonly record struct DecodedText(int Start, int Length, int Depth, string Text);
