using LlmKit.Text.Scanning;
using LlmKit.Text.Streaming;

namespace LlmKit.Text.Exfiltration.Addresses;

/// <summary>The rest of an address that is too long to be looked at: up to white space or a closing mark.</summary>
internal sealed class AddressTail : UnboundedTail
{
    public static AddressTail Instance { get; } = new();

    protected override int Follow(ref TextCursor cursor, int position)
    {
        while (!AddressReader.IsEnd(cursor[position]))
            position++;
        return position;
    }
}
