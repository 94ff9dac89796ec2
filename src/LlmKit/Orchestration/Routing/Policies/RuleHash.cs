using System.Globalization;
using LlmKit.Internal.Keys;

namespace LlmKit.Orchestration.Routing.Policies;

/// <summary>A few letters that are always the same for the same rules and other ones for others: the part of a policy's version that tells its settings apart.</summary>
internal static class RuleHash
{
    private const int Letters = 8;

    /// <summary>Hashes texts, such as models in their order.</summary>
    public static string Of(IEnumerable<string> texts) => KeyWriter.KeyOf(texts).ToHex()[..Letters];

    /// <summary>Hashes weights, whatever their order.</summary>
    public static string Of(IReadOnlyDictionary<string, double> weights) =>
        Of(weights.OrderBy(pair => pair.Key, StringComparer.Ordinal).SelectMany(pair => new[] { pair.Key, pair.Value.ToString("R", CultureInfo.InvariantCulture) }));
}
