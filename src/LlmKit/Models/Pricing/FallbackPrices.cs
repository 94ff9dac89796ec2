using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace LlmKit.Models;

/// <summary>Reads the price that a pipeline declares for models which have none of their own.</summary>
internal static class FallbackPrices
{
    /// <summary>The name of the configuration section.</summary>
    public const string Section = "FallbackPrice";

    private const decimal DearestPerMillion = 1_000_000;

    /// <summary>Gives the price of the configuration, else that of the code; <see langword="null"/> for none.</summary>
    public static ModelPrice? Read(ModelPrice? declared, IConfiguration? section, List<string> failures)
    {
        var price = section is null ? declared : Configured(section, failures) ?? declared;
        if (price?.DearestPerMillion is { } dearest and > DearestPerMillion)
            failures.Add(string.Create(CultureInfo.InvariantCulture, $"The fallback price '{dearest}' is above {DearestPerMillion} USD per million tokens. Give USD per million tokens."));
        return price;
    }

    private static ModelPrice? Configured(IConfiguration section, List<string> failures)
    {
        var before = failures.Count;
        var input = Rate(section, nameof(ModelPrice.InputPerMillion), failures);
        var output = Rate(section, nameof(ModelPrice.OutputPerMillion), failures);
        var cached = Rate(section, nameof(ModelPrice.CachedInputPerMillion), failures);
        if (failures.Count > before || (input ?? output ?? cached) is null)
            return null;
        if (input is { } forInput && output is { } forOutput)
            return new(forInput, forOutput, cached);
        failures.Add("The fallback price lacks InputPerMillion or OutputPerMillion. Give both, in USD per million tokens.");
        return null;
    }

    private static decimal? Rate(IConfiguration section, string name, List<string> failures)
    {
        if (section[name] is not { } text)
            return null;
        // Without thousands separators: a decimal comma would silently make a price a thousand times larger.
        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate) && rate >= 0)
            return rate;
        failures.Add($"The fallback price's {name} is '{text}', not a number of 0 or more. Give USD per million tokens.");
        return null;
    }
}
