using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

// What a hosted file is for and whether an approval asks again are experimental, and part of what a provider said.
#pragma warning disable MEAI001

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
        "file" => new HostedFileContent(Needed(json, "id"))
        {
            MediaType = json.Text("mime"),
            Name = json.Text("name"),
            SizeInBytes = json["bytes"]?.GetValue<long>(),
            CreatedAt = json.Text("created") is { } created ? DateTimeOffset.Parse(created, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind) : null,
            Purpose = json.Text("purpose"),
            Scope = json.Text("file_scope"),
        },
        "vector_store" => new HostedVectorStoreContent(Needed(json, "id")),
        "error" => new ErrorContent(json.Text("text")) { ErrorCode = json.Text("code"), Details = json.Text("details") },
        "usage" => new UsageContent(UsageJson.Read(json["usage"]) ?? new()),
        "approval_request" => new ToolApprovalRequestContent(Needed(json, "id"), Call(json)) { RequiresConfirmation = json["confirm"]?.GetValue<bool>() ?? true },
        "approval_response" => new ToolApprovalResponseContent(Needed(json, "id"), json.Flag("approved"), Call(json)) { Reason = json.Text("reason") },
        var type => Hosted(json, type),
    };

    /// <summary>Reads the calls and results of tools that the provider runs.</summary>
    private static AIContent Hosted(JsonObject json, string? type) => type switch
    {
        "mcp_call" => new McpServerToolCallContent(Needed(json, "id"), Needed(json, "name"), json.Text("server")) { Arguments = Arguments(json["arguments"]) },
        "mcp_result" => new McpServerToolResultContent(Needed(json, "id")) { Outputs = Inside(json["outputs"]) },
        "code_call" => new CodeInterpreterToolCallContent(Needed(json, "id")) { Inputs = Inside(json["inputs"]) },
        "code_result" => new CodeInterpreterToolResultContent(Needed(json, "id")) { Outputs = Inside(json["outputs"]) },
        "search_call" => new WebSearchToolCallContent(Needed(json, "id"))
        {
            Queries = json["queries"] is JsonArray queries ? [.. queries.Select(query => query?.GetValue<string>() ?? throw new FormatException("a query is missing"))] : null,
        },
        "search_result" => new WebSearchToolResultContent(Needed(json, "id")) { Outputs = Inside(json["outputs"]) },
        "image_call" => new ImageGenerationToolCallContent(Needed(json, "id")),
        "image_result" => new ImageGenerationToolResultContent(Needed(json, "id")) { Outputs = Inside(json["outputs"]) },
        "hosted_call" => new ToolCallContent(Needed(json, "id")),
        "hosted_result" => new ToolResultContent(Needed(json, "id")),
        _ => throw new FormatException($"'{type}' is no type of a part"),
    };

    private static ToolCallContent Call(JsonObject json) => Read(json["call"]) as ToolCallContent ?? throw new FormatException("an approval has no 'call' of a tool");

    private static List<AIContent>? Inside(JsonNode? node) => node is JsonArray parts ? [.. parts.Select(Read)] : null;

    private static Dictionary<string, object?>? Arguments(JsonNode? node) => node is null ? null : node.Object("the arguments of a tool call")
        .ToDictionary(argument => argument.Key, argument => argument.Value is { } value ? (object?)ValueJson.Element(value) : null);

    private static LlmException? Failure(JsonObject json) => json.Text("failure") is { } message ? new(message) : null;

    private static string Needed(JsonObject json, string name) => json.Text(name) ?? throw new FormatException($"a part has no '{name}'");
}
