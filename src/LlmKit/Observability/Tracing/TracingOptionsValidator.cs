namespace LlmKit.Observability.Tracing;

/// <summary>Checks tracing's settings, all failures at once.</summary>
internal static class TracingOptionsValidator
{
    private const CostAliases AllAliases = CostAliases.OtelDraft | CostAliases.Langfuse | CostAliases.OpenInference;

    public static void Validate(TracingOptions options, List<string> failures)
    {
        if (options.MaxTextLength is < 1 or > 1_048_576)
            failures.Add($"The length '{options.MaxTextLength}' is outside 1 to 1,048,576. Set TracingOptions.MaxTextLength to a number of characters such as 32768.");
        if (options.MaxAttributeBytes is < 4_096 or > 16_777_216)
            failures.Add($"The size '{options.MaxAttributeBytes}' is outside 4,096 to 16,777,216. Set TracingOptions.MaxAttributeBytes to a number of bytes such as 65536.");
        if (options.Profile is { } profile && !Enum.IsDefined(profile))
            failures.Add($"The profile '{profile}' is unknown. Set TracingOptions.Profile to one of {string.Join(", ", Enum.GetNames<SemanticConventions>())}.");
        if (!Enum.IsDefined(options.SpanMode))
            failures.Add($"The mode '{options.SpanMode}' is unknown. Set TracingOptions.SpanMode to one of {string.Join(", ", Enum.GetNames<SpanMode>())}.");
        if ((options.CostAliases & ~AllAliases) != 0)
            failures.Add($"The aliases '{options.CostAliases}' are unknown. Set TracingOptions.CostAliases to some of {string.Join(", ", Enum.GetNames<CostAliases>())}.");
        if (options.SecretNames is null)
            failures.Add("The names of secrets are missing. Set TracingOptions.SecretNames to a list, an empty one to withhold nothing.");
        if (options.MaxModelNames is < 1 or > 10_000)
            failures.Add($"The number of models '{options.MaxModelNames}' is outside 1 to 10,000. Set TracingOptions.MaxModelNames to a number such as 100.");
    }
}
