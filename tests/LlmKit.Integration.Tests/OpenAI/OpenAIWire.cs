using System.Text.Json;
using LlmKit.Integration.Tests.Support;
using LlmKit.OpenAI;

namespace LlmKit.Integration.Tests.OpenAI;

/// <summary>Bodies as OpenAI's chat completions send them, and clients that read them.</summary>
internal static class OpenAIWire
{
    // Built from parts, so that nobody takes it for a real one.
    public static readonly string Key = string.Join('-', "test", "key", "of", "nobody");

    public const string Usage = """{"prompt_tokens":30,"completion_tokens":12,"total_tokens":42,"prompt_tokens_details":{"cached_tokens":20},"completion_tokens_details":{"reasoning_tokens":5}}""";

    public const string Done = "data: [DONE]\n\n";

    public static string Completion(string message = """{"role":"assistant","content":"Hello."}""", string? finish = "stop", string usage = Usage) => $$"""
        {"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"small-2026","system_fingerprint":"fp_1","service_tier":"priority",
        "choices":[{"index":0,"message":{{message}}{{(finish is null ? "" : $",\"finish_reason\":\"{finish}\"")}}}],"usage":{{usage}}}
        """;

    public static string Chunk(string delta, string? finish = null, string extra = "") =>
        $$"""data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"small-2026","system_fingerprint":"fp_1","service_tier":"priority","choices":[{"index":0,"delta":{{delta}},"finish_reason":{{(finish is null ? "null" : $"\"{finish}\"")}}}]{{extra}}}""" + "\n\n";

    public static string TextChunk(string text) => Chunk($$"""{"content":{{JsonSerializer.Serialize(text)}}}""");

    public static string UsageChunk(string usage = Usage) =>
        $$"""data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"small-2026","choices":[],"usage":{{usage}}}""" + "\n\n";

    public static OpenAIModelOptions Options(CannedWire wire) => new() { ModelId = "small", ApiKey = Key, HttpClient = wire.Client() };

    public static OpenAIChatClient Client(CannedWire wire, Action<OpenAIModelOptions>? configure = null) => new(Open(wire, configure));

    public static OpenAIConnection Open(CannedWire wire, Action<OpenAIModelOptions>? configure = null)
    {
        var options = Options(wire);
        configure?.Invoke(options);
        return OpenAIConnection.Open(options, _ => null, new NoonClock());
    }
}
