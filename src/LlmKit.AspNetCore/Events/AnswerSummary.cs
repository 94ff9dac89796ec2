using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.AspNetCore.Events;

/// <summary>What is known of an answer when its stream has ended. A tool loop is one answer of several calls: their costs and tokens are summed.</summary>
internal sealed class AnswerSummary
{
    private TokenUsage _calls;
    private UsageDetails? _reported;

    public string? FinishReason { get; private set; }

    public string? Model { get; private set; }

    public string? CallId { get; private set; }

    public bool IsCached { get; private set; }

    /// <summary>Gets the cost in USD; <see langword="null"/> for a stream that no pipeline made.</summary>
    public decimal? Cost { get; private set; }

    public (long Input, long Output) Usage => CallId is null
        ? (_reported?.InputTokenCount ?? 0, _reported?.OutputTokenCount ?? 0)
        : (_calls.Input, _calls.Output);

    public void Add(ChatResponseUpdate update)
    {
        if (update.FinishReason is { } reason)
            FinishReason = reason.Value;
        if (update.GetCall() is { } call)
            Add(call);
        else if (CallId is null)
            Model = update.ModelId ?? Model;
        foreach (var usage in update.Contents.OfType<UsageContent>())
            (_reported ??= new()).Add(usage.Details);
    }

    private void Add(LlmCall call)
    {
        CallId = call.Id;
        Model = call.Model;
        IsCached = (call.Marks & AnswerMarks.Cached) != AnswerMarks.None;
        Cost = (Cost ?? 0) + call.Cost;
        _calls += call.Usage;
    }
}
