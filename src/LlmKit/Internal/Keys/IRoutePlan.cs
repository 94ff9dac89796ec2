using LlmKit.Calls;

namespace LlmKit.Internal.Keys;

/// <summary>Settings of a stage that decide which model answers a call: part of the key of every answer.</summary>
internal interface IRoutePlan
{
    /// <summary>Writes what the settings mean for a call of somebody's.</summary>
    void WriteRoute(KeyWriter key, CallIdentity identity);
}
