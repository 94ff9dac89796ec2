using System.Globalization;

namespace LlmKit.Text.Detectors;

/// <summary>The structure of an IBAN by country, after the IBAN registry of ISO 13616: n digit, a letter, c either.</summary>
internal static class IbanRegistry
{
    private const string Registry =
        "AD8n12c AE19n AL8n16c AT16n AZ4a20c BA16n BE12n BG4a6n8c BH4a14c BI23n BR23n1a1c BY4c4n16c CH5n12c CR18n CY8n16c CZ20n " +
        "DE18n DJ23n DK14n DO4c20n EE16n EG25n ES20n FI14n FK2a12n FO14n FR10n11c2n GB4a14n GE2a16n GI4a15c GL14n GR7n16c GT24c " +
        "HN4a20n HR17n HU24n IE4a14n IL19n IQ4a15n IS22n IT1a10n12c JO4a4n18c KW4a22c KZ3n13c LB4n20c LC4a24c LI5n12c LT16n " +
        "LU3n13c LV4a13c LY21n MC10n11c2n MD20c ME18n MK3n10c2n MN16n MR23n MT4a5n18c MU4a19n3a NI4a20n NL4a10n NO11n OM3n16c " +
        "PK4a16c PL24n PS4a21c PT21n QA4a21c RO4a16c RS18n RU14n15c SA2n18c SC4a20n3a SD14n SE20n SI15n SK20n SM1a10n12c SO19n " +
        "ST21n SV4a20n TL19n TN20n TR6n16c UA6n19c VA18n VG4a16n XK16n YE4a4n18c";

    private static readonly string?[] s_structures = Load();

    /// <summary>The class of every character, country and check digits included, or null for an unknown country.</summary>
    public static string? Find(char first, char second) =>
        s_structures[((first | 0x20) - 'a') * 26 + (second | 0x20) - 'a'];

    private static string?[] Load()
    {
        var structures = new string?[26 * 26];
        foreach (var entry in Registry.Split(' '))
            structures[(entry[0] - 'A') * 26 + entry[1] - 'A'] = "aann" + Expand(entry.AsSpan(2));
        return structures;
    }

    private static string Expand(ReadOnlySpan<char> parts)
    {
        var structure = string.Empty;
        while (!parts.IsEmpty)
        {
            var digits = parts.IndexOfAnyExceptInRange('0', '9');
            structure += new string(parts[digits], int.Parse(parts[..digits], CultureInfo.InvariantCulture));
            parts = parts[(digits + 1)..];
        }

        return structure;
    }
}
