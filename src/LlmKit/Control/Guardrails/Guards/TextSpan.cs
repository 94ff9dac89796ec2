namespace LlmKit;

/// <summary>A part of a text, in UTF-16 code units.</summary>
/// <param name="Start">The index of the first character, 0 or more.</param>
/// <param name="Length">The number of characters, 1 or more.</param>
public readonly record struct TextSpan(int Start, int Length);
