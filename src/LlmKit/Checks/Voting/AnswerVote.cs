using LlmKit.Internal.Keys;
using Microsoft.Extensions.AI;

namespace LlmKit.Checks.Voting;

/// <summary>What an answer stands for when several answers to one request are compared.</summary>
internal static class AnswerVote
{
    private const string Filtered = "filtered";

    /// <summary>Gives what an answer stands for; <see langword="null"/> where it is not whole, has not the form, or holds no value.</summary>
    public static string? Of(ChatResponse answer, ChatOptions options, IAnswerFormat format, IAnswerValue value)
    {
        if (answer.FinishReason == ChatFinishReason.Length)
            return null;
        // A refusal is an answer, and another one than any text.
        if (answer.FinishReason == ChatFinishReason.ContentFilter)
            return Filtered;
        var calls = answer.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().ToList();
        if (calls.Count > 0)
            return Of(calls);
        return format.Check(answer.Text, options).Count == 0 && value.Read(answer.Text) is { } read ? "=" + read : null;
    }

    private static string Of(List<FunctionCallContent> calls)
    {
        var key = KeyWriter.Rent();
        foreach (var call in calls)
        {
            key.Text(call.Name);
            ValueKeys.WriteJsonLike(key, call.Arguments);
        }

        var hash = key.Finish().ToHex();
        KeyWriter.Return(key);
        return "tools " + hash;
    }
}
