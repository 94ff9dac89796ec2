using System.Buffers;
using System.Text;
using LlmKit.Internal;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Tracing;

/// <summary>The quick way for a conversation of plain messages in ASCII: its JSON is made where it is to stay, in the string.</summary>
internal sealed class PlainConversation
{
    private const string End = "\"}]";
    private const string Reason = ",\"finish_reason\":\"";
    private static readonly SearchValues<char> Plain = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(static code => (char)code).Where(static letter => letter is not ('"' or '\\'))]);

    [ThreadStatic]
    private static PlainConversation? spare;

    private readonly List<(ChatRole Role, string Text, bool IsEscaped)> _messages = [];
    private string? _reason;

    /// <summary>Gives a conversation as a JSON array; <see langword="null"/> where a message is another, is cut or not redacted, or where all of it would be too long.</summary>
    public static string? Write(IReadOnlyList<ChatMessage> messages, ContentScope scope, int most, string? finishReason)
    {
        if (!IsPlain(messages, scope, most) || finishReason is { Length: > ContentScope.LabelLimit } || finishReason.AsSpan().ContainsAnyExcept(Plain))
            return null;
        // Taken, not shared: a redaction may call a pipeline that is traced itself.
        var conversation = spare ?? new();
        spare = null;
        try
        {
            conversation._reason = finishReason;
            var length = conversation.Take(messages, scope);
            return length < 0 || length > most ? null : string.Create(length, conversation, static (text, conversation) => conversation.Fill(text));
        }
        finally
        {
            conversation._messages.Clear();
            spare = conversation;
        }
    }

    /// <summary>Whether it is worth trying: nothing is redacted yet, so that nothing is redacted twice.</summary>
    private static bool IsPlain(IReadOnlyList<ChatMessage> messages, ContentScope scope, int most)
    {
        var length = 0;
        for (var i = 0; i < messages.Count; i++)
        {
            if (PlainMessage.TextOf(messages[i], scope) is not { } text || !scope.IsShort(text))
                return false;
            length += text.Length;
            if (length > most)
                return false;
        }

        return true;
    }

    /// <summary>Redacts the texts and gives the length of the array; less than 0 where one cannot be written here.</summary>
    private int Take(IReadOnlyList<ChatMessage> messages, ContentScope scope)
    {
        var length = 1;
        for (var i = 0; i < messages.Count; i++)
        {
            if (PlainMessage.TextOf(messages[i], scope) is not { } said || scope.Clean(said) is not { } text || !scope.IsShort(text) || LengthOf(text) is not (>= 0 and var written))
                return -1;
            var role = messages[i].Role;
            _messages.Add((role, text, written > text.Length));
            length += PlainMessage.StartOf(role).Length + 1 + written + End.Length + (_reason is null ? 0 : Reason.Length + _reason.Length + 1) + 2;
        }

        return length;
    }

    private void Fill(Span<char> json)
    {
        var at = 0;
        foreach (var (role, text, isEscaped) in _messages)
        {
            json[at] = at++ == 0 ? '[' : ',';
            Ascii.ToUtf16(PlainMessage.StartOf(role), json[at..], out var written);
            at += written;
            json[at++] = '"';
            at += isEscaped ? Escape(text, json[at..]) : Copy(text, json[at..]);
            at += Copy(End, json[at..]);
            if (_reason is not null)
            {
                at += Copy(Reason, json[at..]);
                at += Copy(_reason, json[at..]);
                json[at++] = '"';
            }

            json[at++] = '}';
        }

        json[at] = ']';
    }

    private static int Copy(ReadOnlySpan<char> text, Span<char> to)
    {
        text.CopyTo(to);
        return text.Length;
    }

    /// <summary>Gives how long a text is once it is escaped; less than 0 for one that is not ASCII.</summary>
    private static int LengthOf(ReadOnlySpan<char> text)
    {
        var length = text.Length;
        for (var special = text.IndexOfAnyExcept(Plain); special >= 0; special = text.IndexOfAnyExcept(Plain))
        {
            if (!char.IsAscii(text[special]))
                return -1;
            length += JsonPen.LengthOf(text[special]) - 1;
            text = text[(special + 1)..];
        }

        return length;
    }

    private static int Escape(ReadOnlySpan<char> text, Span<char> to)
    {
        var length = 0;
        for (var special = text.IndexOfAnyExcept(Plain); special >= 0; special = text.IndexOfAnyExcept(Plain))
        {
            text[..special].CopyTo(to[length..]);
            length += special;
            length += JsonPen.Escape(text[special], to[length..]);
            text = text[(special + 1)..];
        }

        text.CopyTo(to[length..]);
        return length + text.Length;
    }
}
