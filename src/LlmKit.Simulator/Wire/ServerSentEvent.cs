using System.Text.Json.Nodes;

namespace LlmKit.Simulator.Wire;

/// <summary>Writes one server-sent event.</summary>
internal static class ServerSentEvent
{
    /// <summary>What keeps a connection open and means nothing.</summary>
    public const string Comment = ": keep-alive\n\n";

    public static string Of(JsonNode data) => $"data: {JsonText.Of(data)}\n\n";

    public static string Of(string name, JsonNode data) => $"event: {name}\ndata: {JsonText.Of(data)}\n\n";
}
