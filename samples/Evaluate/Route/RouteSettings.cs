using System.Globalization;

namespace Evaluate;

/// <summary>What the command line asks of the router's evaluation.</summary>
/// <param name="File">The requests.</param>
/// <param name="Split">The share that is trained on.</param>
/// <param name="Seeds">How many ways of splitting.</param>
/// <param name="Floor">The part of the strong model's quality that a threshold is calibrated for; nothing for no calibration.</param>
/// <param name="Json">Whether standard output holds one JSON object and nothing else.</param>
internal sealed record RouteSettings(string File, double Split, int Seeds, double? Floor, bool Json)
{
    public const string Usage = """
          route FILE.jsonl [options]     what policies reach on requests that both models answered, on the part they did not train on
            lines: {"id": "1", "prompt": "text", "strong_correct": true, "weak_correct": false}, and "weak_response", "subject" where they are known
            --split SHARE                the share that is trained on (default 0.5)
            --seeds N                    how many ways of splitting (default 20)
            --floor PART                 also: how often a threshold calibrated for this part of the strong model's quality misses it
            --json                       one JSON object on standard output and nothing else
        """;

    private const int MostSeeds = 10_000;

    /// <exception cref="UsageException">An argument is unknown, twice there or lacks its value.</exception>
    public static RouteSettings Parse(string[] arguments)
    {
        var settings = new RouteSettings("", 0.5, 20, null, false);
        for (var i = 0; i < arguments.Length; i++)
        {
            var name = arguments[i];
            if (name == "--json")
                settings = settings with { Json = true };
            else if (!name.StartsWith("--", StringComparison.Ordinal) && settings.File.Length == 0)
                settings = settings with { File = name };
            else
                settings = settings.With(name, ++i < arguments.Length ? arguments[i] : "");
        }

        return settings.File.Length > 0 ? settings : throw new UsageException("No file is given.");
    }

    private RouteSettings With(string name, string value) => name switch
    {
        "--split" => this with { Split = ShareOf(name, value) },
        "--seeds" => this with { Seeds = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seeds) && seeds is > 0 and <= MostSeeds ? seeds : throw new UsageException($"The option '--seeds' needs a number from 1 to {MostSeeds}.") },
        "--floor" => this with { Floor = ShareOf(name, value) },
        _ => throw new UsageException($"The argument '{name}' is unknown."),
    };

    private static double ShareOf(string name, string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var share) && share is > 0 and < 1
            ? share
            : throw new UsageException($"The option '{name}' needs a share between 0 and 1, such as 0.5.");
}
