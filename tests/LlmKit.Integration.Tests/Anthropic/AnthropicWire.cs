using LlmKit.Anthropic;
using LlmKit.Integration.Tests.Support;

namespace LlmKit.Integration.Tests.Anthropic;

/// <summary>Bodies as Anthropic's Messages API sends them, and clients that read them.</summary>
internal static class AnthropicWire
{
    // Built from parts, so that nobody takes it for a real one.
    public static readonly string Key = string.Join('-', "test", "key", "of", "nobody");

    private const string StartUsage = """{"input_tokens":3,"output_tokens":1,"cache_read_input_tokens":10,"cache_creation_input_tokens":5}""";

    public static string Message(string stop = "end_turn", string content = """[{"type":"text","text":"Hello."}]""") => $$"""
        {"id":"msg_1","type":"message","role":"assistant","model":"claude-test","content":{{content}},"stop_reason":"{{stop}}","stop_sequence":null,
        "usage":{"input_tokens":3,"output_tokens":7,"cache_read_input_tokens":10,"cache_creation_input_tokens":5}
        }
        """;

    public static string Start => Event("message_start", $$$$"""{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-test","content":[],"stop_reason":null,"stop_sequence":null,"usage":{{{{StartUsage}}}}}}""")
        + Event("content_block_start", """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""");

    public static string Stop(string reason = "end_turn") => Event("content_block_stop", """{"type":"content_block_stop","index":0}""")
        + Event("message_delta", $$$"""{"type":"message_delta","delta":{"stop_reason":"{{{reason}}}","stop_sequence":null},"usage":{"output_tokens":7}}""")
        + Event("message_stop", """{"type":"message_stop"}""");

    public static string Text(string text) => Event("content_block_delta", $$$"""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"{{{text}}}"}}""");

    public static string Error(string type, string message = "x") => $$$"""{"type":"error","error":{"type":"{{{type}}}","message":"{{{message}}}"},"request_id":"req_1"}""";

    public static string Event(string name, string data) => $"event: {name}\ndata: {data}\n\n";

    public static AnthropicChatClient Client(CannedWire wire, Action<AnthropicModelOptions>? configure = null)
    {
        var options = new AnthropicModelOptions { ModelId = "claude-test", ApiKey = Key, HttpClient = wire.Client() };
        configure?.Invoke(options);
        return AnthropicConnection.Open(options, _ => null, new NoonClock());
    }
}
