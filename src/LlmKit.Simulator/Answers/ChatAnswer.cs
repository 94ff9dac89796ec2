using LlmKit.Models;
using LlmKit.Simulator.Metering;

namespace LlmKit.Simulator.Answers;

/// <summary>What a simulated model answers: text or one tool call.</summary>
internal sealed record ChatAnswer(string Text, ToolCall? ToolCall, FinishReason Finish)
{
    public static ChatAnswer Of(string text) => new(text, null, FinishReason.Stop);

    /// <summary>What streams in pieces: the text, or the tool call's arguments.</summary>
    public string Body => ToolCall?.Arguments ?? Text;

    /// <summary>Cuts the answer to a number of tokens, as a provider does at its limit.</summary>
    public ChatAnswer CutTo(int tokens)
    {
        if (TokenRule.Output(this) <= tokens)
            return this;
        if (ToolCall is not null)
            return new("", null, FinishReason.Length);

        // The estimate falls by a token at the most as a text grows, so that halving finds a prefix that is as long as fits, or all but.
        var (fits, exceeds) = (0, Text.Length);
        while (exceeds - fits > 1)
        {
            var middle = (fits + exceeds) / 2;
            if (TokenEstimator.Estimate(Text.AsSpan(0, middle)) <= tokens)
                fits = middle;
            else
                exceeds = middle;
        }

        if (fits > 0 && char.IsHighSurrogate(Text[fits - 1]))
            fits--;
        return new(Text[..fits], null, FinishReason.Length);
    }
}
