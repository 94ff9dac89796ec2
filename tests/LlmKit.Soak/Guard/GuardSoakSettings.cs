namespace LlmKit.Soak.Guard;

/// <summary>What the command line asks of the guardrails' soak.</summary>
/// <param name="Time">How long cases are drawn.</param>
/// <param name="Seed">The seed of all cases: the same seed gives the same cases.</param>
/// <param name="Case">The only case to run; 0 for all.</param>
internal sealed record GuardSoakSettings(TimeSpan Time, int Seed, int Case)
{
    public const string Usage = """
        dotnet run -c Release --project tests/LlmKit.Soak -- guard [options]
          --seconds N   how long hostile texts are drawn (default 60)
          --seed N      the seed of all cases (default 7)
          --case N      only this case, to repeat a finding
        The exit code is 0 when nothing was found.
        """;

    public static GuardSoakSettings? Parse(ReadOnlySpan<string> arguments) =>
        CommandLine.Read(arguments, ("--seconds", 1, 60), ("--seed", 0, 7), ("--case", 1, 0)) is { } values
            ? new(TimeSpan.FromSeconds(values["--seconds"]), values["--seed"], values["--case"])
            : null;
}
