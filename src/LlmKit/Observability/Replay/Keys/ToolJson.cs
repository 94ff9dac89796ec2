using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Replay;

/// <summary>Gives the JSON of tools as a model sees them, sorted by name.</summary>
internal static class ToolJson
{
    public static JsonArray? Of(IList<AITool>? tools, RequestRules rules) => tools is not { Count: > 0 } ? null
        : [.. tools.OrderBy(tool => tool.Name, StringComparer.Ordinal).Select(tool => Of(tool, rules))];

    private static JsonObject Of(AITool tool, RequestRules rules)
    {
        var json = new JsonObject { ["name"] = tool.Name };
        if (!string.IsNullOrEmpty(tool.Description))
            json["description"] = rules.Normalize(tool.Description);
        if (tool is AIFunctionDeclaration function)
        {
            return json
                .Put("schema", ValueJson.Of(function.JsonSchema, rules.Normalize))
                .Put("return_schema", ValueJson.Of(function.ReturnJsonSchema, rules.Normalize));
        }

        json["type"] = tool.GetType().FullName;
        return tool is HostedMcpServerTool server
            ? json.Put("server", server.ServerName).Put("address", rules.Normalize(server.ServerAddress))
            : json;
    }
}
