using LlmKit.Simulator.Metering;

namespace LlmKit.Simulator.Answers;

/// <summary>What a chat request asks for, whatever its wire format.</summary>
/// <param name="Model">The model or deployment.</param>
/// <param name="Turns">The messages; Anthropic's system text is the first of them.</param>
/// <param name="Tools">The tools on offer.</param>
/// <param name="MaxTokens">The most output tokens, reasoning included.</param>
/// <param name="IsStream">Whether the answer is streamed.</param>
/// <param name="IncludesUsage">Whether a stream ends with its usage.</param>
/// <param name="WantsJson">Whether the answer must be a JSON object.</param>
/// <param name="MayCallTools">Whether the request leaves it to the model to call tools.</param>
/// <param name="CacheControl">How the provider's prompt cache treats the system text.</param>
internal sealed record ChatRequest(
    string Model,
    IReadOnlyList<ChatTurn> Turns,
    IReadOnlyList<ToolOffer> Tools,
    int? MaxTokens,
    bool IsStream,
    bool IncludesUsage,
    bool WantsJson,
    bool MayCallTools,
    CacheControl CacheControl)
{
    /// <summary>The last message that holds words of the user's, or nothing.</summary>
    public string LastUserText => LastUserIndex < 0 ? "" : Turns[LastUserIndex].Text;

    public string SystemText => string.Join('\n', Turns.Where(turn => turn.Role == TurnRole.System).Select(turn => turn.Text));

    /// <summary>The results that tools gave after the last user message.</summary>
    public IEnumerable<string> LatestToolResults => Turns.Skip(LastUserIndex + 1).SelectMany(turn => turn.ToolResults);

    private int LastUserIndex
    {
        get
        {
            for (var i = Turns.Count - 1; i >= 0; i--)
            {
                // A user's message that only carries tool results is the program's, not the user's.
                if (Turns[i] is { Role: TurnRole.User } turn && (turn.Text.Length > 0 || turn.ToolResults.Count == 0))
                    return i;
            }

            return -1;
        }
    }
}
