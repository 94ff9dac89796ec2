using System.Text.Json.Nodes;
using LlmKit.Simulator.Answers;
using LlmKit.Simulator.Faults;

namespace LlmKit.Simulator.Wire.OpenAI;

/// <summary>One chat completion as a stream of chunks.</summary>
internal sealed class OpenAIStream(ChatAnswer answer, AnswerFacts facts) : IStreamFormat
{
    private bool _toolNamed;

    public string Opening() => Chunk(new() { ["role"] = "assistant", ["content"] = answer.ToolCall is null ? "" : null, ["refusal"] = null });

    public string Delta(string piece)
    {
        if (answer.ToolCall is null)
            return Chunk(new() { [answer.Finish == FinishReason.Refused ? "refusal" : "content"] = piece });

        var first = _toolNamed ? "" : Chunk(ToolCall(new() { ["name"] = answer.ToolCall.Name, ["arguments"] = "" }, isFirst: true));
        _toolNamed = true;
        return first + Chunk(ToolCall(new() { ["arguments"] = piece }, isFirst: false));
    }

    public string Closing()
    {
        var finish = Chunk([], OpenAIFormat.FinishOf(answer.Finish));
        var usage = facts.IncludesUsage ? ServerSentEvent.Of(Envelope([], OpenAIFormat.Usage(facts.Usage))) : "";
        return finish + usage + "data: [DONE]\n\n";
    }

    public string Failure() =>
        ServerSentEvent.Of(OpenAIErrors.Of(FaultKind.ServerError, new(facts.Id, facts.Model, 0, 0, false)).Body);

    public string Error(int status) => ServerSentEvent.Of(new JsonObject { ["error"] = OpenAIErrors.Routed(status) });

    public string ErrorFinish(int status)
    {
        var chunk = Envelope([Choice(new() { ["content"] = "" }, "error")], null);
        chunk["error"] = OpenAIErrors.Routed(status);
        return ServerSentEvent.Of(chunk) + "data: [DONE]\n\n";
    }

    public string KeepAlive() => ServerSentEvent.Comment + Chunk(new() { ["role"] = "assistant", ["content"] = "" });

    public string Malformed() => $"data: {{\"id\":\"chatcmpl-{facts.Id}\",\"object\":\"chat.completion.chunk\",\"choices\":[{{\"index\":\n\n";

    private JsonObject ToolCall(JsonObject function, bool isFirst)
    {
        var call = new JsonObject { ["index"] = 0 };
        if (isFirst)
        {
            call["id"] = "call_" + facts.Id;
            call["type"] = "function";
        }

        call["function"] = function;
        return new() { ["tool_calls"] = new JsonArray(call) };
    }

    private string Chunk(JsonObject delta, string? finish = null) => ServerSentEvent.Of(Envelope([Choice(delta, finish)], null));

    private static JsonObject Choice(JsonObject delta, string? finish) =>
        new() { ["index"] = 0, ["delta"] = delta, ["logprobs"] = null, ["finish_reason"] = finish };

    private JsonObject Envelope(JsonArray choices, JsonObject? usage)
    {
        var chunk = new JsonObject
        {
            ["id"] = "chatcmpl-" + facts.Id,
            ["object"] = "chat.completion.chunk",
            ["created"] = facts.Created,
            ["model"] = facts.Model,
            ["system_fingerprint"] = "fp_simulator",
            ["choices"] = choices,
        };
        if (facts.IncludesUsage)
            chunk["usage"] = usage;
        return chunk;
    }
}
