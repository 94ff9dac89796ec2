using LlmKit.Text.Scanning;

namespace LlmKit.Text.Streaming;

/// <summary>Continues a match that has no upper length, from any position that already belongs to it, without its beginning.</summary>
/// <remarks>Stateless, so that a stream may forget what it swallowed.</remarks>
internal abstract class UnboundedTail
{
    /// <summary>After how many characters such a match is certain: 0 for soon, else the number.</summary>
    public virtual int CertainAfter => 0;

    /// <summary>Gives the end of the match as far as the text tells; the match may go on if the cursor reached the end.</summary>
    public abstract int Extend(ref TextCursor cursor, int position);
}
