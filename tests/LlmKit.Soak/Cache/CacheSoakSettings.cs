using System.Globalization;

namespace LlmKit.Soak.Cache;

/// <summary>What the command line asks of the cache's soak.</summary>
/// <param name="Time">How long it is used.</param>
/// <param name="Seed">The seed of what callers do.</param>
internal sealed record CacheSoakSettings(TimeSpan Time, int Seed)
{
    public const string Usage = """
        dotnet run -c Release --project tests/LlmKit.Soak -- cache [options]
          --seconds N   how long the cache is used (default 600)
          --seed N      the seed of what callers do (default 7)
        The exit code is 0 when every promise held.
        """;

    public static CacheSoakSettings? Parse(ReadOnlySpan<string> arguments)
    {
        var settings = new CacheSoakSettings(TimeSpan.FromSeconds(600), 7);
        for (var i = 0; i < arguments.Length; i += 2)
        {
            if (i + 1 == arguments.Length || !int.TryParse(arguments[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var value))
                return null;
            switch (arguments[i])
            {
                case "--seconds" when value > 0:
                    settings = settings with { Time = TimeSpan.FromSeconds(value) };
                    break;
                case "--seed":
                    settings = settings with { Seed = value };
                    break;
                default:
                    return null;
            }
        }

        return settings;
    }
}
