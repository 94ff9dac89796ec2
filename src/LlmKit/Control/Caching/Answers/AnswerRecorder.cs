using System.Text;
using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.Caching;

/// <summary>Takes an answer down as it passes, whole or in updates. One reader at a time; what it takes are copies.</summary>
/// <remarks>Pieces of text that follow each other are one content of the answer, and remembered as the pieces they came in.</remarks>
internal sealed class AnswerRecorder(CachePolicy policy)
{
    private const int SizeOfPiece = 64;

    private readonly List<CachedMessage> _messages = [];
    private readonly List<AIContent> _contents = [];
    private readonly List<AnswerPiece> _pieces = [];
    private readonly StringBuilder _text = new();
    private ChatRole _role = ChatRole.Assistant;
    private string? _author;
    private string? _messageId;
    private AdditionalPropertiesDictionary? _messageProperties;
    private AdditionalPropertiesDictionary? _properties;
    private bool _isOpen;
    private bool _textIsReasoning;
    private bool _says;
    private int _updates;
    private long _size;
    private ChatFinishReason? _finish;
    private string? _modelId;
    private DateTimeOffset? _createdAt;
    private UsageDetails? _usage;

    /// <summary>Gets why the answer must not be stored, or <see langword="null"/> so far.</summary>
    public string? Problem { get; private set; }

    public void Record(ChatResponse response) => Guarded(static (recorder, response) => recorder.Take(response), response);

    public void Record(ChatResponseUpdate update) => Guarded(static (recorder, update) => recorder.Take(update), update);

    /// <summary>Gives the answer, or <see langword="null"/> when it must not be stored; <see cref="Problem"/> says why.</summary>
    public CachedAnswer? Finish(string? model)
    {
        CloseMessage();
        if (_finish is null)
            Problem ??= "the answer has no finish reason";
        else if (_finish != ChatFinishReason.Stop && !(_finish == ChatFinishReason.ToolCalls && policy.StoreToolCalls))
            Problem ??= "the answer did not finish with stop";
        if (!_says)
            Problem ??= "the answer is empty";
        return Problem is not null ? null : new([.. _messages], AnswerPieces.Of(_pieces))
        {
            Model = model,
            ModelId = _modelId,
            CreatedAt = _createdAt,
            FinishReason = _finish!.Value,
            Properties = _properties,
            Usage = TokenUsage.From(_usage).GetValueOrDefault(),
        };
    }

    /// <summary>A content that cannot be read is the reader's trouble, not the cache's: the answer passes and is not stored.</summary>
    private void Guarded<T>(Action<AnswerRecorder, T> take, T answer)
    {
        try
        {
            take(this, answer);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Problem ??= "the answer could not be read";
        }
    }

    private void Take(ChatResponse response)
    {
        foreach (var message in response.Messages)
        {
            Open(message.Role, message.AuthorName, message.MessageId);
            _messageProperties = ContentCopies.Copy(message.AdditionalProperties);
            foreach (var content in message.Contents)
                AddWhole(content);
            _updates++;
        }

        _usage = response.Usage ?? _usage;
        _properties = ContentCopies.Copy(response.AdditionalProperties);
        Note(response.FinishReason, response.ModelId, response.CreatedAt, response.ConversationId is not null || response.ContinuationToken is not null);
    }

    private void Take(ChatResponseUpdate update)
    {
        Note(update.FinishReason, update.ModelId, update.CreatedAt, update.ConversationId is not null || update.ContinuationToken is not null);
        if (ContentCopies.Copy(update.AdditionalProperties) is { } properties)
            Merge(properties);
        if (Problem is not null)
            return;
        if (update.Contents.Count > 0 && StartsMessage(update))
            Open(update.Role ?? ChatRole.Assistant, update.AuthorName, update.MessageId);
        // A message may get its id and its author after it has begun.
        _messageId ??= update.MessageId;
        _author ??= update.AuthorName;
        foreach (var content in update.Contents)
            Add(content);
        if (_size > policy.MaxBytes)
            Problem = "the answer is larger than the cache";
        _updates++;
    }

    private void Merge(AdditionalPropertiesDictionary properties)
    {
        foreach (var (name, value) in properties)
            (_properties ??= [])[name] = value;
    }

    private void Note(ChatFinishReason? finish, string? modelId, DateTimeOffset? createdAt, bool hasState)
    {
        if (finish is not null && _finish is not null && finish != _finish)
            Problem ??= "the answer finished in two ways";
        _finish = finish ?? _finish;
        _modelId = modelId ?? _modelId;
        _createdAt = createdAt ?? _createdAt;
        if (hasState)
            Problem ??= "the provider keeps state for the answer";
    }

    private bool StartsMessage(ChatResponseUpdate update) => !_isOpen
        || (update.MessageId is { Length: > 0 } id && _messageId is not null && id != _messageId)
        || (update.Role is { } role && role != _role)
        || (update.AuthorName is { } author && _author is not null && author != _author);

    private void Open(ChatRole role, string? author, string? messageId)
    {
        CloseMessage();
        _role = role;
        _author = author;
        _messageId = messageId;
        _isOpen = true;
    }

    private void CloseMessage()
    {
        if (!_isOpen)
            return;
        CloseText();
        _messages.Add(new(_role, _author, [.. _contents.Select(CachedContent.Of)], _messageProperties));
        _contents.Clear();
        _messageProperties = null;
        _isOpen = false;
    }

    /// <summary>Adds a part of a stream: bare text goes on with the text before it.</summary>
    private void Add(AIContent content)
    {
        if (content.Annotations is { Count: > 0 } || content.AdditionalProperties is { Count: > 0 })
            AddWhole(content);
        else if (content is TextContent text)
            AddText(text.Text, isReasoning: false);
        else if (content is TextReasoningContent { ProtectedData: null } reasoning)
            AddText(reasoning.Text, isReasoning: true);
        else
            AddWhole(content);
    }

    private void AddText(string text, bool isReasoning)
    {
        if (_text.Length > 0 && _textIsReasoning != isReasoning)
            CloseText();
        if (text.Length == 0)
            return;
        _textIsReasoning = isReasoning;
        _says |= !isReasoning && !string.IsNullOrWhiteSpace(text);
        _text.Append(text);
        _size += SizeOfPiece + (2L * text.Length);
        _pieces.Add(new(_updates, _messages.Count, _contents.Count, text.Length));
    }

    private void CloseText()
    {
        if (_text.Length == 0)
            return;
        _contents.Add(_textIsReasoning ? new TextReasoningContent(_text.ToString()) : new TextContent(_text.ToString()));
        _text.Clear();
    }

    private void AddWhole(AIContent content)
    {
        if (content is UsageContent usage)
        {
            _usage = usage.Details;
            return;
        }

        if (content is FunctionCallContent && !policy.StoreToolCalls)
        {
            Problem ??= "the answer calls tools";
            return;
        }

        if (ContentCopies.Copy(content) is not { } copy)
        {
            Problem ??= "a content of the answer cannot be kept";
            return;
        }

        CloseText();
        _says |= copy is TextContent text ? !string.IsNullOrWhiteSpace(text.Text) : copy is not TextReasoningContent;
        _pieces.Add(new(_updates, _messages.Count, _contents.Count, AnswerPiece.Whole));
        _contents.Add(copy);
    }
}
