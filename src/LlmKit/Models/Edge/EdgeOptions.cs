using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Models;

/// <summary>The plain options that leave for a provider: nothing of ours is on them.</summary>
internal sealed class EdgeOptions : ChatOptions
{
    private EdgeOptions(ChatOptions options) : base(options)
    {
    }

    public static ChatOptions ToSend(ChatOptions options, Model model, int maxOutputTokens)
    {
        var sent = options is LlmCallOptions || options.GetType() == typeof(ChatOptions) ? new EdgeOptions(options) : options.Clone();
        sent.ModelId = model.ModelId;
        sent.MaxOutputTokens = maxOutputTokens;
        if (sent.AdditionalProperties is { Count: > 0 } properties)
            Strip(sent, properties);
        return sent;
    }

    private static void Strip(ChatOptions sent, AdditionalPropertiesDictionary properties)
    {
        foreach (var key in properties.Keys.Where(key => key.StartsWith(IdentityResolver.Prefix, StringComparison.Ordinal)).ToArray())
            properties.Remove(key);
        if (properties.Count == 0)
            sent.AdditionalProperties = null;
    }
}
