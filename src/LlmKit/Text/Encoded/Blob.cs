namespace LlmKit.Text.Encoded;

/// <summary>A stretch of a text that could be encoded text.</summary>
/// <param name="Kind">Its encoding.</param>
/// <param name="Start">The index of its first character.</param>
/// <param name="End">The index behind its last character, or behind the last that is looked at.</param>
/// <param name="IsCut">Whether it goes on behind that.</param>
internal readonly record struct Blob(BlobKind Kind, int Start, int End, bool IsCut);
