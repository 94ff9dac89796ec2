using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LlmKit.Orchestration.Routing.Dispatching;

/// <summary>The least that a draft must be: ended by itself, not empty, and JSON where JSON was asked for.</summary>
internal static class WholeAnswer
{
    public static bool Is(ChatResponse draft, ChatOptions options)
    {
        if (draft.FinishReason == ChatFinishReason.Length)
            return false;
        if (draft.Messages.Any(message => message.Contents.OfType<FunctionCallContent>().Any()))
            return true;
        var text = draft.Text;
        return !string.IsNullOrWhiteSpace(text) && (options.ResponseFormat is not ChatResponseFormatJson || IsJson(text));
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var _ = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
