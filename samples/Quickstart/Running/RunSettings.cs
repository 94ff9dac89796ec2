namespace Quickstart;

/// <summary>What the command line and the environment ask for.</summary>
/// <param name="Json">Whether standard output holds one JSON object and nothing else.</param>
/// <param name="Endpoint">An OpenAI-compatible server to use in place of the simulator.</param>
/// <param name="Seed">The seed of the faults.</param>
/// <param name="Requests">How many requests of the workload to replay.</param>
/// <param name="ReportFolder">Where to write the reports to; nothing for nowhere.</param>
internal sealed record RunSettings(bool Json, Uri? Endpoint, int Seed, int Requests, string? ReportFolder = null)
{
    public const string Usage = """
        dotnet run --project samples/Quickstart [-- options]
          --json           one JSON object on standard output and nothing else
          --seed N         the seed of the simulated faults (default 7)
          --requests N     replay the first N requests only (default all)
          --report FOLDER  write the spending report there, as a page and as CSV, and the traces as a page
          --endpoint URL   an OpenAI-compatible server instead of the simulator; OPENAI_API_KEY is its key
        With OPENAI_API_KEY or ANTHROPIC_API_KEY set, the real providers are used and paid for.
        """;

    public static RunSettings? Parse(string[] arguments)
    {
        var settings = new RunSettings(false, null, 7, int.MaxValue);
        for (var i = 0; i < arguments.Length; i++)
        {
            var value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            switch (arguments[i])
            {
                case "--json":
                    settings = settings with { Json = true };
                    break;
                case "--report" when value.Length > 0:
                    settings = settings with { ReportFolder = value };
                    i++;
                    break;
                case "--endpoint" when Uri.TryCreate(value, UriKind.Absolute, out var endpoint):
                    settings = settings with { Endpoint = endpoint };
                    i++;
                    break;
                case "--seed" when int.TryParse(value, out var seed):
                    settings = settings with { Seed = seed };
                    i++;
                    break;
                case "--requests" when int.TryParse(value, out var requests) && requests > 0:
                    settings = settings with { Requests = requests };
                    i++;
                    break;
                default:
                    return null;
            }
        }

        return settings;
    }
}
