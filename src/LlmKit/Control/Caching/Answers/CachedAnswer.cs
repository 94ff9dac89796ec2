using LlmKit.Calls;
using LlmKit.Internal.Keys;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.Caching;

/// <summary>A stored answer. Immutable: it takes copies in and gives copies out.</summary>
/// <remarks>
/// Ids of the provider are not kept: they belong to another request. Each hit has ids made of its own call's id. Usage is kept for reports
/// and not given out, because nothing is used by a hit.
/// </remarks>
internal sealed class CachedAnswer
{
    private readonly CachedMessage[] _messages;
    private readonly AnswerPieces _pieces;
    private long _fingerprint;

    public CachedAnswer(CachedMessage[] messages, AnswerPieces pieces)
    {
        _messages = messages;
        _pieces = pieces;
        Size = messages.Sum(message => 100L + message.Contents.Sum(content => content.Size)) + pieces.Size + 200;
    }

    /// <summary>Gets the registered model that gave the answer.</summary>
    public string? Model { get; init; }

    /// <summary>Gets the id that the provider gave for the model.</summary>
    public string? ModelId { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public ChatFinishReason FinishReason { get; init; }

    public AdditionalPropertiesDictionary? Properties { get; init; }

    /// <summary>Gets the tokens that were used to make the answer.</summary>
    public TokenUsage Usage { get; init; }

    public IReadOnlyList<CachedMessage> Messages => _messages;

    public AnswerPieces Pieces => _pieces;

    /// <summary>Gets the answer's text, without reasoning.</summary>
    public string Text => string.Concat(_messages.SelectMany(message => message.Contents).Select(content => content.Other is TextContent text ? text.Text : content.Other is null && !content.IsReasoning ? content.Text : ""));

    /// <summary>Gets a hash of the answer's text: the same for the same words.</summary>
    public long Fingerprint
    {
        get
        {
            if (Volatile.Read(ref _fingerprint) == 0)
                Volatile.Write(ref _fingerprint, (long)(KeyWriter.KeyOf([Text]).A | 1));
            return _fingerprint;
        }
    }

    /// <summary>Gets about how many bytes the answer takes.</summary>
    public long Size { get; }

    public ChatResponse ToResponse(LlmCall call)
    {
        var messages = new List<ChatMessage>(_messages.Length);
        for (var i = 0; i < _messages.Length; i++)
            messages.Add(CopyOf(i, call));
        return new(messages)
        {
            ResponseId = call.Id,
            ModelId = ModelId,
            CreatedAt = CreatedAt,
            FinishReason = FinishReason,
            AdditionalProperties = ContentCopies.Copy(Properties),
        };
    }

    /// <summary>Gives the updates of a stream: those in which the answer came, and one that says how it finished.</summary>
    public IEnumerable<ChatResponseUpdate> ToUpdates(LlmCall call)
    {
        var offset = 0;
        List<AIContent>? contents = null;
        AnswerPiece last = default;
        foreach (var piece in _pieces)
        {
            if (contents is not null && (piece.Update != last.Update || piece.Message != last.Message))
            {
                yield return Update(last.Message, contents, call);
                contents = null;
            }

            if (piece.Message != last.Message || piece.Content != last.Content)
                offset = 0;
            (contents ??= []).Add(PieceOf(piece, ref offset));
            last = piece;
        }

        if (contents is not null)
            yield return Update(last.Message, contents, call);
        yield return new(null, Array.Empty<AIContent>().ToList())
        {
            ResponseId = call.Id,
            // Under a message's id, properties would be the message's.
            MessageId = Properties is null ? IdOf(_messages.Length - 1, call) : null,
            ModelId = ModelId,
            CreatedAt = CreatedAt,
            FinishReason = FinishReason,
            AdditionalProperties = ContentCopies.Copy(Properties),
        };
    }

    private static string IdOf(int message, LlmCall call) => $"{call.Id}-{message}";

    private AIContent PieceOf(in AnswerPiece piece, ref int offset)
    {
        var content = _messages[piece.Message].Contents[piece.Content];
        if (piece.Length == AnswerPiece.Whole)
            return content.Copy();
        var start = offset;
        offset += piece.Length;
        return content.Part(content.Text.Substring(start, piece.Length));
    }

    private ChatResponseUpdate Update(int message, List<AIContent> contents, LlmCall call) => new(_messages[message].Role, contents)
    {
        AuthorName = _messages[message].AuthorName,
        ResponseId = call.Id,
        MessageId = IdOf(message, call),
        ModelId = ModelId,
        CreatedAt = CreatedAt,
    };

    private ChatMessage CopyOf(int message, LlmCall call)
    {
        var stored = _messages[message];
        var contents = new List<AIContent>(stored.Contents.Length);
        foreach (var content in stored.Contents)
            contents.Add(content.Copy());
        return new(stored.Role, contents)
        {
            AuthorName = stored.AuthorName,
            MessageId = IdOf(message, call),
            CreatedAt = CreatedAt,
            AdditionalProperties = ContentCopies.Copy(stored.Properties),
        };
    }
}
