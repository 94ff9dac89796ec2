using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

// Tools that search for tools are experimental, and what they find changes an answer.
#pragma warning disable MEAI001

namespace LlmKit.Observability.Replay;

/// <summary>Gives the JSON of tools as a model is told of them, sorted by name. Headers and what a tool returns are nothing it is told.</summary>
internal static class ToolJson
{
    public static JsonArray? Of(IList<AITool>? tools, RequestRules rules) => tools is not { Count: > 0 } ? null
        : [.. tools.Select(tool => Of(tool, rules)).OrderBy(tool => tool.Text("name"), StringComparer.Ordinal).ThenBy(CanonicalJson.Compact, StringComparer.Ordinal)];

    private static JsonObject Of(AITool tool, RequestRules rules)
    {
        var json = new JsonObject { ["name"] = tool.Name }
            .Put("description", Clean(tool.Description, rules))
            .Put("properties", RequestJson.Properties(tool.AdditionalProperties, rules));
        return tool is AIFunctionDeclaration function
            ? json.Put("schema", ValueJson.Of(function.JsonSchema, rules.Normalize))
            : Hosted(json.Put("type", tool.GetType().FullName), tool, rules);
    }

    /// <summary>A tool that the provider runs is told by its settings.</summary>
    private static JsonObject Hosted(JsonObject json, AITool tool, RequestRules rules) => tool switch
    {
        HostedMcpServerTool server => json
            .Put("server", server.ServerName)
            .Put("address", rules.Normalize(server.ServerAddress))
            .Put("server_description", Clean(server.ServerDescription, rules))
            .Put("allowed", Names(server.AllowedTools))
            .Put("approval", Approval(server.ApprovalMode)),
        HostedFileSearchTool search => json
            .Put("inputs", Inputs(search.Inputs, rules))
            .Put("results", search.MaximumResultCount is { } most ? JsonValue.Create(most) : null),
        HostedCodeInterpreterTool code => json.Put("inputs", Inputs(code.Inputs, rules)),
        HostedImageGenerationTool { Options: { } image } => json.Put("image", Image(image, rules)),
        HostedToolSearchTool search => json
            .Put("deferred", Names(search.DeferredTools))
            .Put("namespace", search.Namespace)
            .Put("namespace_description", Clean(search.NamespaceDescription, rules)),
        _ => json,
    };

    private static JsonObject Image(ImageGenerationOptions image, RequestRules rules) => new JsonObject()
        .Put("count", image.Count is { } count ? JsonValue.Create(count) : null)
        .Put("size", image.ImageSize is { } size ? FormattableString.Invariant($"{size.Width}x{size.Height}") : null)
        .Put("mime", image.MediaType)
        .Put("model", image.ModelId)
        .Put("format", image.ResponseFormat?.ToString())
        .Put("partial", image.StreamingCount is { } pieces ? JsonValue.Create(pieces) : null)
        .Put("properties", RequestJson.Properties(image.AdditionalProperties, rules));

    private static JsonNode? Approval(HostedMcpServerToolApprovalMode? mode) => mode switch
    {
        null => null,
        HostedMcpServerToolAlwaysRequireApprovalMode => "always",
        HostedMcpServerToolNeverRequireApprovalMode => "never",
        HostedMcpServerToolRequireSpecificApprovalMode specific => new JsonObject()
            .Put("always", Names(specific.AlwaysRequireApprovalToolNames))
            .Put("never", Names(specific.NeverRequireApprovalToolNames)),
        _ => mode.GetType().FullName,
    };

    private static JsonArray? Inputs(IList<AIContent>? inputs, RequestRules rules) => inputs is not { Count: > 0 } ? null
        : [.. inputs.Select(new PartJson(rules.Normalize, forKey: true).Of)];

    private static JsonArray? Names(IList<string>? names) => names is null ? null
        : [.. names.Order(StringComparer.Ordinal).Select(name => JsonValue.Create(name))];

    private static string? Clean(string? text, RequestRules rules) => string.IsNullOrEmpty(text) ? null : rules.Normalize(text);
}
