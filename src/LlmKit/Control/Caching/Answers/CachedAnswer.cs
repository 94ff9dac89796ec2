using LlmKit.Calls;
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
    private readonly AnswerPiece[] _pieces;

    public CachedAnswer(CachedMessage[] messages, AnswerPiece[] pieces)
    {
        _messages = messages;
        _pieces = pieces;
        Size = messages.Sum(message => 100L + message.Contents.Sum(SizeOf)) + (16L * pieces.Length) + 200;
    }

    /// <summary>Gets the registered model that gave the answer.</summary>
    public string? Model { get; init; }

    /// <summary>Gets the id that the provider gave for the model.</summary>
    public string? ModelId { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public ChatFinishReason FinishReason { get; init; }

    public AdditionalPropertiesDictionary? Properties { get; init; }

    public TokenUsage Usage { get; init; }

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
        for (var i = 0; i < _pieces.Length;)
        {
            var first = _pieces[i];
            var contents = new List<AIContent>();
            for (; i < _pieces.Length && _pieces[i].Update == first.Update && _pieces[i].Message == first.Message; i++)
            {
                if (i > 0 && (_pieces[i].Message != _pieces[i - 1].Message || _pieces[i].Content != _pieces[i - 1].Content))
                    offset = 0;
                contents.Add(PieceOf(_pieces[i], ref offset));
            }

            yield return Update(first.Message, contents, call);
        }

        yield return new(null, Array.Empty<AIContent>().ToList())
        {
            ResponseId = call.Id,
            MessageId = IdOf(_messages.Length - 1, call),
            ModelId = ModelId,
            CreatedAt = CreatedAt,
            FinishReason = FinishReason,
            AdditionalProperties = ContentCopies.Copy(Properties),
        };
    }

    private static string IdOf(int message, LlmCall call) => $"{call.Id}-{message}";

    private static long SizeOf(AIContent content) => 100 + content switch
    {
        TextContent text => 2L * text.Text.Length,
        TextReasoningContent reasoning => 2L * (reasoning.Text.Length + (reasoning.ProtectedData?.Length ?? 0)),
        DataContent data => data.Data.Length,
        FunctionCallContent call => 200L * (1 + (call.Arguments?.Count ?? 0)),
        _ => 200,
    };

    private AIContent PieceOf(in AnswerPiece piece, ref int offset)
    {
        var content = _messages[piece.Message].Contents[piece.Content];
        if (piece.Length == AnswerPiece.Whole)
            return ContentCopies.Copy(content)!;
        var start = offset;
        offset += piece.Length;
        return content is TextReasoningContent reasoning
            ? new TextReasoningContent(reasoning.Text.Substring(start, piece.Length))
            : new TextContent(((TextContent)content).Text.Substring(start, piece.Length));
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
            contents.Add(ContentCopies.Copy(content)!);
        return new(stored.Role, contents)
        {
            AuthorName = stored.AuthorName,
            MessageId = IdOf(message, call),
            CreatedAt = CreatedAt,
            AdditionalProperties = ContentCopies.Copy(stored.Properties),
        };
    }
}
