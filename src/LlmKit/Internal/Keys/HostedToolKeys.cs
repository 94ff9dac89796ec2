using Microsoft.Extensions.AI;

namespace LlmKit.Internal.Keys;

/// <summary>Hashes a tool that the provider runs, as far as its members are known. What it will find, nobody can tell.</summary>
internal static class HostedToolKeys
{
    public static void Write(KeyWriter key, AITool tool)
    {
        key.Tag('h');
        key.Text(tool.GetType().FullName);
        key.Text(tool.Name);
        key.Text(tool.Description);
        ValueKeys.WriteProperties(key, tool.AdditionalProperties);
        WriteMembers(key, tool);
        key.Fail("a tool that the provider runs");
    }

    private static void WriteMembers(KeyWriter key, AITool tool)
    {
        switch (tool)
        {
            case HostedFileSearchTool search:
                key.Number((long?)search.MaximumResultCount);
                MessageKeys.Write(key, search.Inputs);
                break;
            case HostedCodeInterpreterTool interpreter:
                MessageKeys.Write(key, interpreter.Inputs);
                break;
            case HostedImageGenerationTool { Options: { } options }:
                ValueKeys.WriteUnknown(key, options, typeof(ImageGenerationOptions));
                break;
            case HostedMcpServerTool server:
                Write(key, server);
                break;
        }
    }

    private static void Write(KeyWriter key, HostedMcpServerTool server)
    {
        key.Text(server.ServerName);
        key.Text(server.ServerAddress);
        key.Text(server.ServerDescription);
        WriteNames(key, server.AllowedTools);
        key.Text(server.ApprovalMode?.GetType().FullName);
        if (server.ApprovalMode is HostedMcpServerToolRequireSpecificApprovalMode specific)
        {
            WriteNames(key, specific.AlwaysRequireApprovalToolNames);
            WriteNames(key, specific.NeverRequireApprovalToolNames);
        }

        ValueKeys.WriteProperties(key, server.Headers?.ToDictionary(header => header.Key, header => (object?)header.Value));
    }

    private static void WriteNames(KeyWriter key, IEnumerable<string>? names) => ValueKeys.WriteJsonLike(key, names?.Order(StringComparer.Ordinal));
}
