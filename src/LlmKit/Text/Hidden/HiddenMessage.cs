namespace LlmKit.Text.Hidden;

/// <summary>What invisible characters spell.</summary>
/// <param name="Start">The index of the first of them in the text.</param>
/// <param name="Length">The number of characters up to the last of them, with what stands between.</param>
/// <param name="Text">What they spell. As sensitive, and as little to be trusted, as the text itself.</param>
internal readonly record struct HiddenMessage(int Start, int Length, string Text);
