using LlmKit.Calls;
using LlmKit.Internal.Keys;

namespace LlmKit.Control.Caching;

/// <summary>Which models may answer a request by the pipeline's own plan: its name, its models, its router's choice.</summary>
/// <param name="Models">The pipeline and its models, or the model that a cache standing alone is around.</param>
/// <param name="Routes">The settings that choose among them.</param>
internal readonly record struct CacheRoute(Hash256 Models, IRoutePlan[] Routes)
{
    public void Write(KeyWriter key, LlmCall call)
    {
        key.Key(Models);
        foreach (var plan in Routes)
            plan.WriteRoute(key, call.Identity);
    }
}
