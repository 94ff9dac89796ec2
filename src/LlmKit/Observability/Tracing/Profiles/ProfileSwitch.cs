namespace LlmKit.Observability.Tracing;

/// <summary>The environment variable by which all OpenTelemetry instrumentations move on to newer names.</summary>
internal static class ProfileSwitch
{
    private const string Variable = "OTEL_SEMCONV_STABILITY_OPT_IN";
    private const string Latest = "gen_ai_latest_experimental";

    public static SemanticConventions FromEnvironment() => Read(Environment.GetEnvironmentVariable(Variable));

    /// <summary>Reads a list of names between commas; those of other conventions are not ours to look at.</summary>
    public static SemanticConventions Read(string? value) =>
        value?.Split(',', StringSplitOptions.TrimEntries).Contains(Latest, StringComparer.OrdinalIgnoreCase) == true
            ? SemanticConventions.Next
            : SemanticConventions.Version141;
}
