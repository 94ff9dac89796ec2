using System.Text;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.Caching;

/// <summary>A content of a stored answer: bare text, bare reasoning, or a copy of anything else. Handed out as copies only.</summary>
/// <remarks>Text of some length is kept as UTF-8, which takes half the room, until it is served for the first time. Thread-safe.</remarks>
internal sealed class CachedContent
{
    // Shorter texts gain nothing: the bytes are an object too.
    private const int LeastPacked = 128;

    private object _value;

    private CachedContent(object value, bool isReasoning)
    {
        _value = value;
        IsReasoning = isReasoning;
    }

    /// <summary>Gets the content as it is when it is more than bare text; <see langword="null"/> for bare text.</summary>
    public AIContent? Other => _value as AIContent;

    public bool IsReasoning { get; }

    /// <summary>Gets the bare text.</summary>
    public string Text
    {
        get
        {
            if (_value is byte[] packed)
                _value = Encoding.UTF8.GetString(packed);
            return _value as string ?? "";
        }
    }

    /// <summary>Gets about how many bytes the content takes, as it is when it has been served.</summary>
    public long Size => 48 + _value switch
    {
        string text => 24 + (2L * text.Length),
        byte[] packed => 24 + (2L * Encoding.UTF8.GetCharCount(packed)),
        TextContent text => 100 + (2L * text.Text.Length),
        TextReasoningContent reasoning => 100 + (2L * (reasoning.Text.Length + (reasoning.ProtectedData?.Length ?? 0))),
        DataContent data => 200 + data.Data.Length,
        FunctionCallContent call => 200L * (1 + (call.Arguments?.Count ?? 0)),
        _ => 300,
    };

    public static CachedContent Bare(string text, bool isReasoning) =>
        new(text.Length < LeastPacked || !IsWhole(text) ? text : Encoding.UTF8.GetBytes(text), isReasoning);

    /// <summary>Keeps a content that is the cache's own already.</summary>
    public static CachedContent Of(AIContent content) => content switch
    {
        { Annotations: { Count: > 0 } } or { AdditionalProperties: { Count: > 0 } } => new(content, isReasoning: false),
        TextContent text => Bare(text.Text, isReasoning: false),
        TextReasoningContent { ProtectedData: null } reasoning => Bare(reasoning.Text, isReasoning: true),
        _ => new(content, isReasoning: false),
    };

    public AIContent Copy() => Other is { } other ? ContentCopies.Copy(other)! : Part(Text);

    /// <summary>Gives a part of the bare text as a content.</summary>
    public AIContent Part(string text) => IsReasoning ? new TextReasoningContent(text) : new TextContent(text);

    /// <summary>Half of a surrogate pair would not come back from UTF-8.</summary>
    private static bool IsWhole(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[++i])))
                return false;
        }

        return true;
    }
}
