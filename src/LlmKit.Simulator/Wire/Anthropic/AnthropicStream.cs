using System.Text.Json.Nodes;
using LlmKit.Simulator.Answers;
using LlmKit.Simulator.Faults;

namespace LlmKit.Simulator.Wire.Anthropic;

/// <summary>One message as a stream of events.</summary>
internal sealed class AnthropicStream(ChatAnswer answer, AnswerFacts facts) : IStreamFormat
{
    private bool _blockOpen;

    public string Opening()
    {
        // The usage in the first event is complete for the input and a mere beginning for the output.
        var start = AnthropicFormat.Message(facts, [], null, facts.Usage with { Output = Math.Min(1, facts.Usage.Output) });
        return Event("message_start", new() { ["message"] = start }) + Event("ping", []);
    }

    public string Delta(string piece)
    {
        var start = _blockOpen
            ? ""
            : Event("content_block_start", new() { ["index"] = 0, ["content_block"] = AnthropicFormat.Block(answer, facts, isEmpty: true) });
        _blockOpen = true;
        var delta = answer.ToolCall is null
            ? new JsonObject { ["type"] = "text_delta", ["text"] = piece }
            : new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = piece };
        return start + Event("content_block_delta", new() { ["index"] = 0, ["delta"] = delta });
    }

    public string Closing()
    {
        var stop = _blockOpen ? Event("content_block_stop", new() { ["index"] = 0 }) : "";
        var delta = Event("message_delta", new()
        {
            ["delta"] = new JsonObject { ["stop_reason"] = AnthropicFormat.StopReasonOf(answer.Finish), ["stop_sequence"] = null },
            ["usage"] = AnthropicFormat.Usage(facts.Usage),
        });
        return stop + delta + Event("message_stop", []);
    }

    public string Failure() => ServerSentEvent.Of(
        "error", AnthropicErrors.Of(FaultKind.Overloaded, new(facts.Id, facts.Model, 0, 0, false)).Body);

    public string Error(int status) => ServerSentEvent.Of("error", AnthropicErrors.Named(status, new(facts.Id, facts.Model, 0, 0, false)));

    public string ErrorFinish(int status) => Error(status);

    public string KeepAlive() => ServerSentEvent.Comment + Event("ping", []);

    public string Malformed() => $"event: message_start\ndata: {{\"type\":\"message_start\",\"message\":{{\"id\":\"msg_{facts.Id}\",\n\n";

    private static string Event(string type, JsonObject data)
    {
        data.Insert(0, "type", type);
        return ServerSentEvent.Of(type, data);
    }
}
