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
        dotnet run -c Release --project tests/LlmKit.Soak -- guard [options]
          hostile texts for the guardrails, without a network
        The exit code is 0 when every promise held.
        """;

    public static SoakSettings? Parse(ReadOnlySpan<string> arguments) =>
        CommandLine.Read(arguments, ("--seconds", 1, 20), ("--callers", 1, 1_000), ("--seed", 0, 7)) is { } values
            ? new(TimeSpan.FromSeconds(values["--seconds"]), values["--callers"], values["--seed"])
            : null;
}
