namespace LlmKit.Calls;

/// <summary>Redacts what people give as reasons, which are short names by agreement and whatever they typed in fact.</summary>
internal interface IFeedbackCleaner
{
    /// <summary>Gives a reason as it may be kept.</summary>
    /// <param name="pipeline">The pipeline whose call it is about; <see langword="null"/> where that is not known: then all of them redact it.</param>
    /// <param name="label">The reason.</param>
    /// <returns>The reason; <see langword="null"/> where its redaction failed.</returns>
    string? Clean(string? pipeline, string label);
}
