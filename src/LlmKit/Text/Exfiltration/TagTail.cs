using LlmKit.Text.Scanning;
using LlmKit.Text.Streaming;

namespace LlmKit.Text.Exfiltration;

/// <summary>The rest of an HTML tag that is too long to be looked at, with the bracket that closes it.</summary>
internal sealed class TagTail : UnboundedTail
{
    public static TagTail Instance { get; } = new();

    protected override int Follow(ref TextCursor cursor, int position)
    {
        while (cursor[position - 1] != '>')
        {
            _ = cursor[position];
            if (cursor.ReachedEnd)
                break;
            position++;
        }

        return position;
    }
}
