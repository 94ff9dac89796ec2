using System.Text;
using LlmKit.OpenAI.Requests;
using Microsoft.Extensions.AI;
using Sdk = OpenAI.Chat;

namespace LlmKit.OpenAI.Responses;

/// <summary>Puts streamed tool calls together: half a call must never be run.</summary>
internal sealed class ToolCallAssembler
{
    private readonly List<Fragments> _calls = [];

    /// <summary>Adds what came, and says what it was.</summary>
    internal ToolCallPiece Add(Sdk.StreamingChatToolCallUpdate update)
    {
        var call = _calls.FindLast(c => c.Index == update.Index);
        // Some servers number every call 0; a new id at an old number is a new call.
        if (call is null || (!string.IsNullOrEmpty(update.ToolCallId) && call.Id.Length > 0 && call.Id != update.ToolCallId))
            _calls.Add(call = new() { Index = update.Index });

        if (!string.IsNullOrEmpty(update.ToolCallId)) call.Id = update.ToolCallId;
        if (!string.IsNullOrEmpty(update.FunctionName)) call.Name = update.FunctionName;
        var arguments = update.FunctionArgumentsUpdate?.ToString() ?? "";
        call.Arguments.Append(arguments);
        return new(string.IsNullOrEmpty(update.FunctionName) ? null : update.FunctionName, arguments);
    }

    /// <summary>Gives the calls in the order in which they began, and forgets them.</summary>
    internal List<AIContent> Take()
    {
        List<AIContent> contents = [.. _calls.Select(c => ToolText.Parse(c.Id, c.Name, c.Arguments.ToString()))];
        _calls.Clear();
        return contents;
    }

    private sealed class Fragments
    {
        public int Index { get; init; }

        public string Id { get; set; } = "";

        public string Name { get; set; } = "";

        public StringBuilder Arguments { get; } = new();
    }
}
