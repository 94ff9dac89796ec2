namespace LlmKit;

/// <summary>A pipeline cannot be built as it is configured. The message lists everything that is wrong, each with its remedy.</summary>
public sealed class LlmConfigurationException : LlmException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="failures">What is wrong, at least one sentence.</param>
    public LlmConfigurationException(string pipeline, IReadOnlyList<string> failures)
        : base($"The pipeline '{pipeline}' cannot be used: {string.Join(" ", failures)}") => Failures = failures;

    /// <summary>Creates the exception for one stage that stands alone.</summary>
    /// <param name="failures">What is wrong, at least one sentence.</param>
    public LlmConfigurationException(IReadOnlyList<string> failures)
        : base(string.Join(" ", failures)) => Failures = failures;

    /// <summary>Gets each thing that is wrong, with its remedy.</summary>
    public IReadOnlyList<string> Failures { get; }
}
