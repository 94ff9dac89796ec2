using Anthropic.Models.Messages;
using Microsoft.Extensions.AI;

namespace LlmKit.Anthropic;

/// <summary>Finds in the stream's events what the SDK keeps to itself until a tool call is whole.</summary>
internal static class ToolCallPieces
{
    internal static void Find(ChatResponseUpdate update)
    {
        if (update.RawRepresentation is not RawMessageStreamEvent raw)
            return;
        if (raw.TryPickContentBlockStart(out var start) && start.ContentBlock.TryPickToolUse(out var call))
            new ToolCallPiece(call.Name, "").LeaveOn(update);
        else if (raw.TryPickContentBlockDelta(out var delta) && delta.Delta.TryPickInputJson(out var arguments))
            new ToolCallPiece(null, arguments.PartialJson).LeaveOn(update);
    }
}
