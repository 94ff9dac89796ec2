using LlmKit.Text.Scanning;

namespace LlmKit.Text.Streaming;

/// <summary>Everything up to the next white space.</summary>
internal sealed class WordTail : UnboundedTail
{
    public static WordTail Instance { get; } = new();

    protected override int Follow(ref TextCursor cursor, int position)
    {
        while (!cursor.ReachedEnd)
        {
            if (char.IsWhiteSpace(cursor[position]))
                break;
            position += cursor.ReachedEnd ? 0 : 1;
        }

        return position;
    }
}
