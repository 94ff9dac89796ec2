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
        var sent = Plain(options, model);
        sent.ModelId = model.ModelId;
        sent.MaxOutputTokens = maxOutputTokens;
        return sent;
    }

    /// <summary>Gives the options of a request that belongs to no call: as they are when nothing of ours is on them.</summary>
    public static ChatOptions? ToSendWithoutCall(ChatOptions? options, Model model)
    {
        var isNamed = options?.ModelId is { } name && name == model.Name && name != model.ModelId;
        if (options is null || !(isNamed || options is LlmCallOptions || options.AdditionalProperties?.Keys.Any(IsOurs) == true))
            return options;
        var sent = Plain(options, model);
        if (isNamed)
            sent.ModelId = model.ModelId;
        return sent;
    }

    private static ChatOptions Plain(ChatOptions options, Model model)
    {
        var sent = options is LlmCallOptions || options.GetType() == typeof(ChatOptions) ? new EdgeOptions(options) : options.Clone();
        if (sent.AdditionalProperties is { Count: > 0 } properties && properties.Keys.Any(IsOurs))
            sent.AdditionalProperties = Stripped(properties);
        if (StageSampling.Of(options) is var set and not SamplingParameters.None)
            StageSampling.TakeOff(sent, set, model);
        return sent;
    }

    // Some clones share the dictionary with their original, so it is copied and never changed.
    private static AdditionalPropertiesDictionary? Stripped(AdditionalPropertiesDictionary properties)
    {
        var kept = new AdditionalPropertiesDictionary();
        foreach (var (key, value) in properties)
        {
            if (!IsOurs(key))
                kept[key] = value;
        }

        return kept.Count == 0 ? null : kept;
    }

    // The dictionary's keys ignore case, so identity may come in any.
    private static bool IsOurs(string key) => key.StartsWith(IdentityResolver.Prefix, StringComparison.OrdinalIgnoreCase);
}
