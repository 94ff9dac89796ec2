using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Replay;

/// <summary>The updates of a stream so far, copied as they came: readers may change theirs.</summary>
internal sealed class HeardStream(TimeProvider? time)
{
    private readonly long _started = time?.GetTimestamp() ?? 0;
    private readonly List<ChatResponseUpdate> _updates = [];
    private readonly List<long> _times = [];

    public IReadOnlyList<ChatResponseUpdate> Updates => _updates;

    /// <summary>Gets the milliseconds since the start at which the updates came; <see langword="null"/> when they are not wanted.</summary>
    public IReadOnlyList<long>? Times => time is null ? null : _times;

    /// <summary>Gets or sets whether the reader left before the end.</summary>
    public bool IsLeft { get; set; }

    public void Add(ChatResponseUpdate update)
    {
        var copy = update.Clone();
        copy.Contents = [.. update.Contents.Select(Copy)];
        copy.AdditionalProperties = update.AdditionalProperties?.Clone();
        _updates.Add(copy);
        if (time is not null)
            _times.Add((long)time.GetElapsedTime(_started).TotalMilliseconds);
    }

    /// <summary>Copies what stages and tool loops are known to change in place: texts, and calls of functions.</summary>
    private static AIContent Copy(AIContent content) => content switch
    {
        TextContent text => Told(new TextContent(text.Text), text),
        TextReasoningContent reasoning => Told(new TextReasoningContent(reasoning.Text) { ProtectedData = reasoning.ProtectedData }, reasoning),
        FunctionCallContent call when call.GetType() == typeof(FunctionCallContent) => Told(
            new FunctionCallContent(call.CallId, call.Name, call.Arguments is { } arguments ? new Dictionary<string, object?>(arguments) : null)
            {
                Exception = call.Exception,
                InformationalOnly = call.InformationalOnly,
            },
            call),
        _ => content,
    };

    private static AIContent Told(AIContent copy, AIContent original)
    {
        copy.Annotations = original.Annotations is { } annotations ? [.. annotations] : null;
        copy.AdditionalProperties = original.AdditionalProperties?.Clone();
        return copy;
    }
}
