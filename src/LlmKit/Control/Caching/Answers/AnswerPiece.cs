namespace LlmKit.Control.Caching;

/// <summary>A part of a content that arrived in one update.</summary>
/// <param name="Update">The number of the update.</param>
/// <param name="Message">The message that it belongs to.</param>
/// <param name="Content">The content within the message.</param>
/// <param name="Length">The length of the part in characters; -1 for a whole content.</param>
internal readonly record struct AnswerPiece(int Update, int Message, int Content, int Length)
{
    public const int Whole = -1;
}
