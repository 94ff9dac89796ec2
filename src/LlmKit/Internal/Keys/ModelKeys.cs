using LlmKit.Calls;
using LlmKit.Models;
using Microsoft.Extensions.AI;

namespace LlmKit.Internal.Keys;

/// <summary>Hashes which models may answer: a call bound to some must not be given another's answer.</summary>
internal static class ModelKeys
{
    public static void Write(KeyWriter key, ChatOptions options, LlmCall call)
    {
        var own = (options as LlmCallOptions)?.Terms ?? call.Terms;
        key.Tag('M');
        key.Text(own.Model);
        key.Text(options.ModelId);
        key.Flag(own.AllowFallback);
        WriteNames(key, own.ExcludedModels);
        WriteNames(key, call.GetFact(ModelGates.ModelsFact) as IReadOnlyCollection<string>);
        WriteNames(key, call.GetFact(ModelGates.RegionsFact) as IReadOnlyCollection<string>);
    }

    private static void WriteNames(KeyWriter key, IReadOnlyCollection<string>? names)
    {
        // Bound to no name at all is not the same as not bound.
        key.Number(names?.Count ?? -1L);
        if (names is not { Count: > 0 })
            return;
        foreach (var name in names.Order(StringComparer.Ordinal))
            key.Text(name);
    }
}
