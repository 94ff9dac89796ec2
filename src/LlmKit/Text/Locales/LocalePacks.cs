using System.Collections.Frozen;
using LlmKit.Text.Locales.Africa;
using LlmKit.Text.Locales.Americas;
using LlmKit.Text.Locales.Asia;
using LlmKit.Text.Locales.Europe;
using LlmKit.Text.Locales.Oceania;

namespace LlmKit.Text.Locales;

/// <summary>The packs that come with the library.</summary>
internal static class LocalePacks
{
    private static readonly FrozenDictionary<string, LocalePack> s_byCountry = ((LocalePack[])
    [
        UnitedStates.Pack, Canada.Pack, Brazil.Pack,
        UnitedKingdom.Pack, Germany.Pack, France.Pack, Spain.Pack, Italy.Pack, Poland.Pack, Finland.Pack, Sweden.Pack,
        .. SmallerEurope.Packs,
        India.Pack, Singapore.Pack, Korea.Pack, Thailand.Pack, Turkey.Pack, Philippines.Pack, China.Pack,
        Australia.Pack, SouthAfrica.Pack, Nigeria.Pack,
    ]).ToFrozenDictionary(pack => pack.Country, StringComparer.OrdinalIgnoreCase);

    public static IReadOnlyList<string> Countries { get; } = [.. s_byCountry.Keys.Order(StringComparer.Ordinal)];

    /// <exception cref="ArgumentException">There is no pack of that country.</exception>
    public static LocalePack Find(string country)
    {
        // The code is GB; everybody writes UK.
        if (s_byCountry.TryGetValue(country.Equals("UK", StringComparison.OrdinalIgnoreCase) ? "GB" : country, out var pack))
            return pack;
        throw new ArgumentException($"There is no pack of the country '{country}'. Take one of {string.Join(", ", Countries)}, or make a detector by TextDetectors.Identifier.", nameof(country));
    }
}
