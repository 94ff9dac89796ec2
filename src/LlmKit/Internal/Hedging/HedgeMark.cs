using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Internal.Hedging;

/// <summary>Tells a second attempt from a first, so that stages further in neither repeat nor hedge it: nested layers must not multiply attempts.</summary>
internal static class HedgeMark
{
    private const string PropertyKey = IdentityResolver.Prefix + "hedge";

    /// <summary>Gives a copy of a request's options with the mark on it.</summary>
    public static ChatOptions Set(ChatOptions options)
    {
        var marked = options.CloneApart();
        if (marked is LlmCallOptions own)
            own.IsHedge = true;
        else
            (marked.AdditionalProperties ??= [])[PropertyKey] = true;
        return marked;
    }

    public static bool IsOn(ChatOptions options) =>
        options is LlmCallOptions own ? own.IsHedge : options.AdditionalProperties?.ContainsKey(PropertyKey) == true;
}
