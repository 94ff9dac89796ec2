using System.Globalization;

namespace LlmKit.Soak;

/// <summary>Options that are a name and a whole number each.</summary>
internal static class CommandLine
{
    /// <summary>Reads the options; <see langword="null"/> when anything else stands there.</summary>
    /// <param name="arguments">What was written.</param>
    /// <param name="known">The options there are, with the least number of each and the one that holds when it is not given.</param>
    public static Dictionary<string, int>? Read(ReadOnlySpan<string> arguments, params ReadOnlySpan<(string Name, int Least, int Default)> known)
    {
        var values = new Dictionary<string, int>(StringComparer.Ordinal);
        var least = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var option in known)
            (values[option.Name], least[option.Name]) = (option.Default, option.Least);
        for (var i = 0; i < arguments.Length; i += 2)
        {
            if (!least.TryGetValue(arguments[i], out var lowest) || i + 1 == arguments.Length)
                return null;
            if (!int.TryParse(arguments[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value < lowest)
                return null;
            values[arguments[i]] = value;
        }

        return values;
    }
}
