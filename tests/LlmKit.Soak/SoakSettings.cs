using System.Globalization;

namespace LlmKit.Soak;

/// <summary>What the command line asks for.</summary>
/// <param name="Time">How long callers ask.</param>
/// <param name="Callers">How many ask at once.</param>
/// <param name="Seed">The seed of the faults and of what callers do.</param>
internal sealed record SoakSettings(TimeSpan Time, int Callers, int Seed)
{
    public const string Usage = """
        dotnet run -c Release --project tests/LlmKit.Soak [-- options]
          --seconds N   how long callers ask (default 20)
          --callers N   how many ask at once (default 1000)
          --seed N      the seed of faults and callers (default 7)
        dotnet run -c Release --project tests/LlmKit.Soak -- cache [options]
          the same for the cache alone, without a network
        The exit code is 0 when every promise held.
        """;

    public static SoakSettings? Parse(string[] arguments)
    {
        var settings = new SoakSettings(TimeSpan.FromSeconds(20), 1_000, 7);
        for (var i = 0; i < arguments.Length; i += 2)
        {
            if (i + 1 == arguments.Length || !int.TryParse(arguments[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var value))
                return null;
            switch (arguments[i])
            {
                case "--seconds" when value > 0:
                    settings = settings with { Time = TimeSpan.FromSeconds(value) };
                    break;
                case "--callers" when value > 0:
                    settings = settings with { Callers = value };
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
