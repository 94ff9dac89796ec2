namespace LlmKit.Observability.Replay;

/// <summary>Checks the settings of a cassette, and tells all that is wrong at once.</summary>
internal static class CassetteOptionsValidator
{
    /// <exception cref="CassetteException">A setting is outside its range.</exception>
    public static CassetteOptions Checked(this CassetteOptions options)
    {
        var failures = Failures(options).ToList();
        return failures.Count == 0 ? options : throw new CassetteException(string.Join(' ', failures));
    }

    private static IEnumerable<string> Failures(CassetteOptions options)
    {
        if (!Enum.IsDefined(options.Mode))
            yield return $"The mode '{options.Mode}' is none. Set CassetteOptions.Mode to one of {string.Join(", ", Enum.GetNames<CassetteMode>())}.";
        if (!(options.UsageTolerance >= 0))
            yield return FormattableString.Invariant($"The usage tolerance '{options.UsageTolerance}' is not 0 or more. Set CassetteOptions.UsageTolerance to a share of the recorded tokens such as 0.2.");
        if (options.TimeProvider is null)
            yield return "There is no clock. Set CassetteOptions.TimeProvider, or leave it at TimeProvider.System.";
        if (options.Normalizers.Any(normalizer => normalizer is null))
            yield return "A normaliser is null. Add functions to CassetteOptions.Normalizers, or clear them.";
        if (options.KeyProperties.Any(string.IsNullOrWhiteSpace))
            yield return "The name of a key property is empty. Add names of additional properties to CassetteOptions.KeyProperties.";
    }
}
