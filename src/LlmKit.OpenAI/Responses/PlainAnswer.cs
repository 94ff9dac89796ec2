using System.ClientModel;
using LlmKit.OpenAI.Failures;
using LlmKit.OpenAI.Requests;
using Microsoft.Extensions.AI;
using Sdk = OpenAI.Chat;

namespace LlmKit.OpenAI.Responses;

/// <summary>Turns a whole completion into a response.</summary>
internal static class PlainAnswer
{
    internal static ChatResponse From(ClientResult<Sdk.ChatCompletion> result)
    {
        var completion = result.Value;
        ThrowIfError(completion);

        var finish = FinishReason(result);
        var message = new ChatMessage(ChatRole.Assistant, ContentsOf(completion)) { MessageId = AnswerFacts.Filled(completion.Id), RawRepresentation = completion };
        return new(message)
        {
            ResponseId = AnswerFacts.Filled(completion.Id),
            ModelId = AnswerFacts.Filled(completion.Model),
            CreatedAt = AnswerFacts.CreatedAt(completion.CreatedAt),
            FinishReason = string.IsNullOrEmpty(completion.Refusal) ? finish : AnswerFacts.AfterRefusal(finish),
            Usage = ReportedUsage.From(completion.Usage),
            AdditionalProperties = AnswerFacts.Properties(completion.SystemFingerprint, completion.ServiceTier),
            RawRepresentation = completion,
        };
    }

    private static void ThrowIfError(Sdk.ChatCompletion completion)
    {
        if (completion.Patch.Contains("$.error"u8) && ErrorBody.Reported(completion.Patch.GetJson("$.error"u8).ToMemory()) is { } error)
            throw UnreadableAnswerException.WithError(error);
    }

    private static ChatFinishReason? FinishReason(ClientResult<Sdk.ChatCompletion> result)
    {
        Sdk.ChatFinishReason reason;
        try
        {
            reason = result.Value.FinishReason;
        }
        catch (ArgumentOutOfRangeException)
        {
            throw UnreadableAnswerException.WithoutChoices();
        }

        // The SDK says "stop" when the provider said nothing. Inside a JSON string the quotes would be escaped, so this finds the property.
        if (reason == Sdk.ChatFinishReason.Stop && result.GetRawResponse()?.Content is { } raw
            && raw.ToMemory().Span.IndexOf("\"finish_reason\""u8) < 0)
            return null;
        return AnswerFacts.FinishReason(reason);
    }

    private static List<AIContent> ContentsOf(Sdk.ChatCompletion completion)
    {
        List<AIContent> contents = [];
        if (Reasoning.In(completion) is { } thinking) contents.Add(new TextReasoningContent(thinking));
        foreach (var part in completion.Content)
            if (!string.IsNullOrEmpty(part.Text))
                contents.Add(new TextContent(part.Text));
        if (!string.IsNullOrEmpty(completion.Refusal)) contents.Add(Refusals.Content(completion.Refusal));
        foreach (var call in completion.ToolCalls)
            contents.Add(ToolText.Parse(call.Id, call.FunctionName, call.FunctionArguments.ToString()));
        return contents;
    }
}
