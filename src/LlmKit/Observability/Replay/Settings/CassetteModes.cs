namespace LlmKit.Observability.Replay;

/// <summary>Decides what a cassette does.</summary>
internal static class CassetteModes
{
    private const string ModeVariable = "LLMKIT_CASSETTE_MODE";
    private const string ServerVariable = "CI";

    /// <exception cref="CassetteException">The environment names no mode.</exception>
    public static CassetteMode Resolve(string path, CassetteOptions options, Func<string, string?> environment)
    {
        var mode = options.ReadEnvironment ? FromEnvironment(environment) ?? options.Mode : options.Mode;
        return mode != CassetteMode.Auto ? mode
            : IsOn(environment(ServerVariable)) || File.Exists(path) ? CassetteMode.Replay
            : CassetteMode.Record;
    }

    private static CassetteMode? FromEnvironment(Func<string, string?> environment)
    {
        var value = environment(ModeVariable)?.Trim();
        if (string.IsNullOrEmpty(value))
            return null;
        return Enum.TryParse<CassetteMode>(value, ignoreCase: true, out var mode) && Enum.IsDefined(mode) && !char.IsAsciiDigit(value[0])
            ? mode
            : throw new CassetteException($"The environment variable {ModeVariable} is '{value}'. Set it to one of {string.Join(", ", Enum.GetNames<CassetteMode>())}, or not at all.");
    }

    private static bool IsOn(string? value) => value?.Trim() is { Length: > 0 } set && set is not "0" && !set.Equals("false", StringComparison.OrdinalIgnoreCase);
}
