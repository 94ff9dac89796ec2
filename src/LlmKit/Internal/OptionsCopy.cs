using Microsoft.Extensions.AI;

namespace LlmKit.Internal;

/// <summary>Copies options of anybody's class.</summary>
internal static class OptionsCopy
{
    /// <summary>Gives a clone whose additional properties can be changed: some clones share the dictionary with their original.</summary>
    public static ChatOptions CloneApart(this ChatOptions options)
    {
        var clone = options.Clone();
        if (ReferenceEquals(clone.AdditionalProperties, options.AdditionalProperties))
            clone.AdditionalProperties = options.AdditionalProperties?.Clone();
        return clone;
    }
}
