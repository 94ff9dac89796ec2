using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Replay;

/// <summary>Makes the parts of messages anew from their JSON.</summary>
internal static class PartReading
{
    /// <exception cref="FormatException">The JSON is no part.</exception>
    public static AIContent Read(JsonNode? node)
    {
        var json = node.Object("a part");
        var content = Content(json);
        content.Annotations = AnnotationJson.Read(json["annotations"]);
        content.AdditionalProperties = Properties(json["properties"]);
        return content;
    }

    public static AdditionalPropertiesDictionary? Properties(JsonNode? node) =>
        node is not JsonObject json ? null : new(json.Select(property => KeyValuePair.Create(property.Key, ValueJson.Read(property.Value))));

    private static AIContent Content(JsonObject json) => json.Text("type") switch
    {
        "text" => new TextContent(json.Text("text")),
        "reasoning" => new TextReasoningContent(json.Text("text")) { ProtectedData = json.Text("protected") },
        "tool_call" => new FunctionCallContent(Needed(json, "id"), Needed(json, "name"), Arguments(json["arguments"]))
        {
            Exception = Failure(json),
            InformationalOnly = json.Flag("informational"),
        },
        "tool_result" => new FunctionResultContent(Needed(json, "id"), json.Text("text") ?? ValueJson.Read(json["result"])) { Exception = Failure(json) },
        "data" => new DataContent(Convert.FromBase64String(Needed(json, "data")), Needed(json, "mime")) { Name = json.Text("name") },
        "uri" => new UriContent(new Uri(Needed(json, "uri"), UriKind.RelativeOrAbsolute), Needed(json, "mime")),
        "file" => new HostedFileContent(Needed(json, "id")) { MediaType = json.Text("mime"), Name = json.Text("name") },
        "vector_store" => new HostedVectorStoreContent(Needed(json, "id")),
        "error" => new ErrorContent(json.Text("text")) { ErrorCode = json.Text("code"), Details = json.Text("details") },
        "usage" => new UsageContent(UsageJson.Read(json["usage"]) ?? new()),
        var other => throw new FormatException($"'{other}' is no type of a part"),
    };

    private static Dictionary<string, object?>? Arguments(JsonNode? node) => node is null ? null : node.Object("the arguments of a tool call")
        .ToDictionary(argument => argument.Key, argument => argument.Value is { } value ? (object?)ValueJson.Element(value) : null);

    private static LlmException? Failure(JsonObject json) => json.Text("failure") is { } message ? new(message) : null;

    private static string Needed(JsonObject json, string name) => json.Text(name) ?? throw new FormatException($"a part has no '{name}'");
}
