using System.Text.RegularExpressions;

namespace LlmKit.Control.Variability;

/// <summary>Tells ids of models that name one version from aliases, which a provider may point elsewhere.</summary>
internal static partial class ModelVersion
{
    /// <summary>Whether a date stands in an id: of a year, or of month and day at its end, as older ids have it.</summary>
    public static bool IsFixed(string id) => Dates().IsMatch(id);

    [GeneratedRegex(@"(?<!\d)20\d\d-?(?:0[1-9]|1[0-2])-?(?:0[1-9]|[12]\d|3[01])(?!\d)|-(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\z", RegexOptions.CultureInvariant, 100)]
    private static partial Regex Dates();
}
