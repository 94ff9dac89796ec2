using System.Buffers;
using System.Diagnostics;
using Microsoft.Extensions.AI;

namespace LlmKit.Calls;

/// <summary>What is taken down of one call on its own way: its texts as JSON, redacted already, and how it ended. What the call itself knows is read later.</summary>
/// <remarks>
/// Not thread-safe: one stage writes it and hands it over. It is used again for another call afterwards, so that a call that is recorded leaves next to
/// nothing behind.
/// </remarks>
internal sealed class CallRecording : IBufferWriter<byte>
{
    private const int LeastBytes = 16 * 1024;
    private const int MostKept = 1024 * 1024;

    private readonly List<RecordedPiece> _pieces = [];
    private byte[] _bytes = [];
    private int _length;

    /// <summary>Gets or sets the call.</summary>
    public LlmCall Call { get; set; } = null!;

    /// <summary>Gets or sets which request of the call to a model it is alone, from 1; 0 for the call as a whole.</summary>
    public int Request { get; set; }

    /// <summary>Gets or sets when that request was sent, counted from the start of the call; <see langword="null"/> when it was not.</summary>
    public TimeSpan? Sent { get; set; }

    /// <summary>Gets or sets the registered model that was asked, where it is one request alone.</summary>
    public string? Model { get; set; }

    /// <summary>Gets or sets whether texts are wanted.</summary>
    public bool WantsContent { get; set; }

    /// <summary>Gets or sets the span of the call, or the one around it where it has none.</summary>
    public Activity? Span { get; set; }

    /// <summary>Gets or sets whether <see cref="Span"/> is the call's own.</summary>
    public bool IsOwnSpan { get; set; }

    public bool IsStreaming { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    public TimeSpan Duration { get; set; }

    public TimeSpan? FirstContent { get; set; }

    public string? RequestModel { get; set; }

    public string? Provider { get; set; }

    public string? Conversation { get; set; }

    public string? ResponseId { get; set; }

    public string? ResponseModel { get; set; }

    public string? Fingerprint { get; set; }

    public ChatFinishReason? FinishReason { get; set; }

    /// <summary>Gets or sets the usage that the answer reported, for calls whose attempts nobody counted.</summary>
    public TokenUsage Usage { get; set; }

    public CallStatus Status { get; set; }

    public string? ErrorType { get; set; }

    public bool IsReplayed { get; set; }

    public string? PromptName { get; set; }

    public string? PromptVersion { get; set; }

    /// <summary>Gets or sets whether texts were redacted on their way here.</summary>
    public bool IsRedacted { get; set; }

    /// <summary>Gets or sets how many messages were left out.</summary>
    public int DroppedMessages { get; set; }

    /// <summary>Gets or sets how many of the bytes the recorder has counted.</summary>
    public int Counted { get; set; }

    /// <summary>Gets how many bytes were written.</summary>
    public int Length => _length;

    public IReadOnlyList<RecordedPiece> Pieces => _pieces;

    public ReadOnlySpan<byte> BytesOf(in RecordedPiece piece) => _bytes.AsSpan(piece.Start, piece.Length);

    /// <summary>Adds what was written since a position as one piece.</summary>
    public void Add(RecordedKind kind, int start, int order = 0) => _pieces.Add(new(kind, order, start, _length - start));

    /// <summary>Takes back the last piece, which begins at a position.</summary>
    public void CutLast(int start)
    {
        _pieces.RemoveAt(_pieces.Count - 1);
        Cut(start);
    }

    /// <summary>Takes back what was written since a position and is no piece yet.</summary>
    public void Cut(int start) => _length = start;

    /// <summary>Drops all texts, as when there is no room for them.</summary>
    public void DropContent()
    {
        _pieces.Clear();
        _length = 0;
    }

    /// <summary>Makes it ready for another call.</summary>
    public void Reset()
    {
        DropContent();
        if (_bytes.Length > MostKept)
            _bytes = [];
        Call = null!;
        Span = null;
        FirstContent = null;
        Sent = null;
        RequestModel = Model = Provider = Conversation = ResponseId = ResponseModel = Fingerprint = ErrorType = PromptName = PromptVersion = null;
        FinishReason = null;
        Usage = default;
        Status = CallStatus.Open;
        IsReplayed = IsOwnSpan = IsStreaming = IsRedacted = WantsContent = false;
        DroppedMessages = Counted = Request = 0;
        (StartedAt, Duration) = (default, default);
    }

    /// <inheritdoc/>
    public void Advance(int count) => _length += count;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(_length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(_length);
    }

    private void Reserve(int sizeHint)
    {
        if (_bytes.Length - _length >= Math.Max(1, sizeHint))
            return;
        Array.Resize(ref _bytes, Math.Max(LeastBytes, Math.Max(_bytes.Length * 2, _length + sizeHint)));
    }
}

/// <summary>One JSON value among the bytes of a recording.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Order">Its place among those of its kind.</param>
/// <param name="Start">Where it begins, in bytes.</param>
/// <param name="Length">How long it is, in bytes.</param>
internal readonly record struct RecordedPiece(RecordedKind Kind, int Order, int Start, int Length);

/// <summary>What a piece of a recording is.</summary>
internal enum RecordedKind
{
    Input,
    Output,
    Instructions,
    Options,
    Tools,
    Prompt,
    PromptVariables,
}
