using System.Text;
using LlmKit.OpenAI.Failures;
using Microsoft.Extensions.AI;
using Sdk = OpenAI.Chat;

namespace LlmKit.OpenAI.Responses;

/// <summary>Turns the chunks of one stream into updates.</summary>
/// <remarks>Text passes through as it comes. Tool calls and a refusal are handed over whole with the finish reason, and never
/// without one: a stream that was cut has no calls to run. The usage comes last and once, however often the provider repeats
/// it. A chunk with nothing to show still gives an empty update, so that time limits see that the model is at work.</remarks>
internal sealed class StreamedAnswer
{
    private readonly ToolCallAssembler _toolCalls = new();
    private readonly StringBuilder _refusal = new();
    private Sdk.StreamingChatCompletionUpdate? _last;
    private UsageDetails? _usage;

    /// <summary>Gets whether a chunk has come.</summary>
    internal bool HasBegun => _last is not null;

    internal ChatResponseUpdate Next(Sdk.StreamingChatCompletionUpdate chunk)
    {
        ThrowIfError(chunk);
        _usage = ReportedUsage.From(chunk.Usage) ?? _usage;
        if (chunk.CompletionId is { Length: > 0 } || _last is null) _last = chunk;

        var update = Update(chunk, ContentsOf(chunk));
        update.RawRepresentation = chunk;
        Collect(chunk, update);
        if (AnswerFacts.FinishReason(chunk.FinishReason) is { } finish) Finish(update, finish);
        return update;
    }

    /// <summary>Gives the trailing update with the usage, or <see langword="null"/> when the provider reported none.</summary>
    internal ChatResponseUpdate? Last() => _usage is null || _last is null ? null : Update(_last, [new UsageContent(_usage)]);

    private static void ThrowIfError(Sdk.StreamingChatCompletionUpdate chunk)
    {
        if (chunk.Patch.Contains("$.error"u8) && ErrorBody.Reported(chunk.Patch.GetJson("$.error"u8).ToMemory()) is { } error)
            throw UnreadableAnswerException.WithError(error);
    }

    private static List<AIContent> ContentsOf(Sdk.StreamingChatCompletionUpdate chunk)
    {
        List<AIContent> contents = [];
        if (Reasoning.In(chunk) is { } thinking) contents.Add(new TextReasoningContent(thinking));
        foreach (var part in chunk.ContentUpdate)
            if (!string.IsNullOrEmpty(part.Text))
                contents.Add(new TextContent(part.Text));
        return contents;
    }

    private void Collect(Sdk.StreamingChatCompletionUpdate chunk, ChatResponseUpdate update)
    {
        _refusal.Append(chunk.RefusalUpdate);
        foreach (var call in chunk.ToolCallUpdates)
            _toolCalls.Add(call).LeaveOn(update);
    }

    private void Finish(ChatResponseUpdate update, ChatFinishReason finish)
    {
        if (_refusal.Length > 0)
        {
            update.Contents.Add(Refusals.Content(_refusal.ToString()));
            finish = AnswerFacts.AfterRefusal(finish)!.Value;
            _refusal.Clear();
        }

        foreach (var call in _toolCalls.Take())
            update.Contents.Add(call);
        update.FinishReason = finish;
    }

    private static ChatResponseUpdate Update(Sdk.StreamingChatCompletionUpdate chunk, IList<AIContent> contents) => new(ChatRole.Assistant, contents)
    {
        ResponseId = AnswerFacts.Filled(chunk.CompletionId),
        MessageId = AnswerFacts.Filled(chunk.CompletionId),
        ModelId = AnswerFacts.Filled(chunk.Model),
        CreatedAt = AnswerFacts.CreatedAt(chunk.CreatedAt),
        AdditionalProperties = AnswerFacts.Properties(chunk.SystemFingerprint, chunk.ServiceTier),
    };
}
