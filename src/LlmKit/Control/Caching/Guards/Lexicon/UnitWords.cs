using System.Collections.Frozen;

namespace LlmKit.Control.Caching;

/// <summary>The names of currencies and units, and the words that multiply a number.</summary>
internal static class UnitWords
{
    /// <summary>One unit a line, its own name first.</summary>
    private const string Currencies = """
        usd dollar dollars bucks
        eur euro euros
        gbp pound pounds quid sterling
        inr rupee rupees rs
        jpy yen
        cny yuan rmb renminbi
        chf franc francs
        krw won
        brl real reais
        mxn peso pesos
        btc bitcoin bitcoins
        """;

    private const string Measures = """
        percent percentage pct
        km kms kilometer kilometers kilometre kilometres
        mile miles mi
        mph
        kmh kph
        cm centimeter centimeters centimetre centimetres
        mm millimeter millimeters millimetre millimetres
        meter meters metre metres
        ft foot feet
        inch inches
        yard yards
        acre acres
        hectare hectares
        kg kgs kilogram kilograms kilo kilos
        gram grams
        mg milligram milligrams
        lb lbs
        oz ounce ounces
        ton tons tonne tonnes
        liter liters litre litres
        ml milliliter milliliters millilitre millilitres
        gallon gallons
        pint pints
        quart quarts
        cup cups
        teaspoon teaspoons tsp
        tablespoon tablespoons tbsp
        celsius
        fahrenheit
        kelvin
        kb kilobyte kilobytes
        mb megabyte megabytes
        gb gigabyte gigabytes
        tb terabyte terabytes
        hz
        mhz
        ghz
        volt volts
        watt watts
        ms millisecond milliseconds
        second seconds sec secs
        hour hours hr hrs
        minute minutes mins
        day days
        week weeks
        month months
        year years yrs
        am
        pm
        """;

    private static readonly FrozenDictionary<string, decimal> s_multipliers = new Dictionary<string, decimal>(StringComparer.Ordinal)
    {
        ["hundred"] = 100,
        ["k"] = 1_000,
        ["thousand"] = 1_000,
        ["lakh"] = 100_000,
        ["lakhs"] = 100_000,
        ["lac"] = 100_000,
        ["million"] = 1_000_000,
        ["millions"] = 1_000_000,
        ["mn"] = 1_000_000,
        ["crore"] = 10_000_000,
        ["crores"] = 10_000_000,
        ["billion"] = 1_000_000_000,
        ["billions"] = 1_000_000_000,
        ["bn"] = 1_000_000_000,
        ["trillion"] = 1_000_000_000_000,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> s_currencies = Names(Currencies);
    private static readonly FrozenDictionary<string, string> s_measures = Names(Measures);

    public static string? CurrencyOf(string word) => s_currencies.GetValueOrDefault(word);

    /// <summary>Gives the name of a unit or currency, whatever it was called.</summary>
    public static string? UnitOf(string word) => s_measures.GetValueOrDefault(word) ?? CurrencyOf(word);

    public static string? UnitOf(char symbol) => symbol switch { '$' => "usd", '€' => "eur", '£' => "gbp", '¥' => "jpy", '₹' => "inr", '%' => "percent", _ => null };

    public static decimal? MultiplierOf(string word) => s_multipliers.TryGetValue(word, out var times) ? times : null;

    private static FrozenDictionary<string, string> Names(string lines) => WordLists.LinesOf(lines)
        .SelectMany(words => words.Select(word => (word, first: words[0])))
        .ToFrozenDictionary(pair => pair.word, pair => pair.first, StringComparer.Ordinal);
}
