using LlmKit.Models;
using LlmKit.Simulator.Answers;

namespace LlmKit.Simulator.Metering;

/// <summary>The simulator's arithmetic of tokens, all of it: what a request and an answer cost.</summary>
/// <remarks>
/// Input: per message the estimate of its text and <see cref="TokenEstimator.TokensPerMessage"/>; the name and arguments of tool
/// calls; tool results; per offered tool its name, description and schema. Output: the text, or the tool call's name and arguments.
/// Anthropic's system text counts as one message. Parts that are not text (images, files) are not counted.
/// </remarks>
internal static class TokenRule
{
    public static int Input(ChatRequest request) => request.Turns.Sum(Turn) + request.Tools.Sum(Tool);

    public static int Input(IEnumerable<string> texts) => texts.Sum(Text);

    /// <summary>The tokens of the messages that the provider's prompt cache can hold: the leading system text.</summary>
    public static int Prefix(ChatRequest request) => request.Turns.TakeWhile(turn => turn.Role == TurnRole.System).Sum(Turn);

    public static int Output(ChatAnswer answer) => Written(answer.ToolCall?.Name, answer.Body);

    /// <summary>The tokens of what was written: a text, or a tool call's name and as much of its arguments.</summary>
    public static int Written(string? toolName, string text) => Text(toolName ?? "") + Text(text);

    private static int Turn(ChatTurn turn) =>
        TokenEstimator.TokensPerMessage + Text(turn.Text) + turn.ToolCalls.Sum(Call) + turn.ToolResults.Sum(Text);

    private static int Call(ToolCall call) => Text(call.Name) + Text(call.Arguments);

    private static int Tool(ToolOffer tool) => Text(tool.Name) + Text(tool.Description) + Text(tool.Schema);

    private static int Text(string text) => TokenEstimator.Estimate(text);
}
