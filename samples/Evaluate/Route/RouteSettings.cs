using System.Globalization;

namespace Evaluate;

/// <summary>What the command line asks of the router's evaluation.</summary>
/// <param name="File">The requests.</param>
/// <param name="Split">The share that is trained on.</param>
/// <param name="Seeds">How many ways of splitting.</param>
/// <param name="Floor">The part of the strong model's quality that a threshold is calibrated for; nothing for no calibration.</param>
/// <param name="Html">Where the report page is written; nothing for none.</param>
/// <param name="Json">Whether standard output holds one JSON object and nothing else.</param>
internal sealed record RouteSettings(string File, double Split, int Seeds, double? Floor, string? Html, bool Json)
{
    public const string Usage = """
          route FILE.jsonl [options]     what policies reach on requests that both models answered, on the part they did not train on
            lines: {"id": "1", "prompt": "text", "strong_correct": true, "weak_correct": false}, and "weak_response", "subject" where they are known
            --split SHARE                the share that is trained on (default 0.5)
            --seeds N                    how many ways of splitting (default 20)
            --floor PART                 also: how often a threshold calibrated for this part of the strong model's quality misses it
            --html PATH                  also: a page with the cost-quality curve, on the first split
            --json                       one JSON object on standard output and nothing else
        """;

    private const int MostSeeds = 10_000;

    /// <exception cref="UsageException">An argument is unknown, twice there or lacks its value.</exception>
    public static RouteSettings Parse(string[] arguments)
    {
        var read = Arguments.Read(arguments);
        return read.Over(new RouteSettings(read.File, 0.5, 20, null, null, read.Json), (laid, name, value) => laid.With(name, value));
    }

    private RouteSettings With(string name, string value) => name switch
    {
        "--split" => this with { Split = Arguments.ShareOf(name, value, "0.5") },
        "--seeds" => this with { Seeds = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seeds) && seeds is > 0 and <= MostSeeds ? seeds : throw new UsageException($"The option '--seeds' needs a number from 1 to {MostSeeds}.") },
        "--floor" => this with { Floor = Arguments.ShareOf(name, value, "0.5") },
        "--html" => this with { Html = Arguments.TextOf(name, value) },
        _ => Arguments.Unknown<RouteSettings>(name),
    };
}
