using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit;

/// <summary>A tool call that somebody must approve before it is shown to whoever runs it.</summary>
/// <remarks>Immutable. The arguments are sensitive: they belong in no log, exception or metric.</remarks>
/// <param name="ToolCall">The tool call.</param>
/// <param name="Call">The call of the pipeline, with its tenant and user.</param>
public sealed record ToolCallRequest(FunctionCallContent ToolCall, LlmCall Call)
{
    /// <summary>Says what is asked for, without its arguments.</summary>
    /// <returns>The tool's name.</returns>
    public override string ToString() => ToolCall.Name;
}
