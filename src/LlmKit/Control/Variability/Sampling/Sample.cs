using LlmKit.Calls;
using LlmKit.Models;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.Variability.Sampling;

/// <summary>One of several answers to the same request, or why there is none.</summary>
internal sealed record Sample(ChatResponse? Response, LlmCall Call, Exception? Failure)
{
    /// <summary>Gets whether it lacked money or a permit, which those asked for beside it may have held: it was refused, or made too short.</summary>
    public bool IsStarved => Failure is AttemptRefusedException { Reason: RefusalReason.Budget or RefusalReason.Limit }
        || (Response?.FinishReason == ChatFinishReason.Length && Call.Marks.HasFlag(AnswerMarks.Shrunk));
}
