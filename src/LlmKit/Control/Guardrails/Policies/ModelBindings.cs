using LlmKit.Calls;
using LlmKit.Models;

namespace LlmKit.Control.Guardrails;

/// <summary>What kinds of data may go where.</summary>
internal sealed class ModelBindings(IReadOnlyList<ModelBinding> bindings)
{
    /// <summary>Binds a call to the models and regions that may see what was found in it; routers and every model ask.</summary>
    public void Apply(LlmCall call, HashSet<string> found)
    {
        call.AddFact("llmkit.rails.found", found.Order(StringComparer.Ordinal).ToArray());
        foreach (var binding in bindings)
        {
            if (binding.Entities.Count > 0 && !binding.Entities.Any(found.Contains))
                continue;
            Narrow(call, ModelGates.RegionsFact, binding.Regions);
            Narrow(call, ModelGates.ModelsFact, binding.Models);
        }
    }

    private static void Narrow(LlmCall call, string fact, IReadOnlyList<string>? allowed)
    {
        if (allowed is not null)
            call.AddFact(fact, call.GetFact(fact) is IReadOnlyCollection<string> before ? before.Intersect(allowed, StringComparer.Ordinal).ToArray() : allowed);
    }
}
