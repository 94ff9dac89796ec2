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

    public static CacheSoakSettings? Parse(ReadOnlySpan<string> arguments) =>
        CommandLine.Read(arguments, ("--seconds", 1, 600), ("--seed", 0, 7)) is { } values
            ? new(TimeSpan.FromSeconds(values["--seconds"]), values["--seed"])
            : null;
}
