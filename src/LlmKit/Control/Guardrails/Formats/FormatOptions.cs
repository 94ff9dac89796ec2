namespace LlmKit;

/// <summary>What happens to an answer that has not the form that was asked for.</summary>
/// <remarks>Settings: change them only while the pipeline is being configured.</remarks>
public sealed class FormatOptions
{
    /// <summary>Gets or sets how often the model is asked to repair its answer: it gets the answer back with what is wrong. Each is an attempt with its own cost.</summary>
    /// <value>1 by default; 0 to 5.</value>
    public int MostRepairs { get; set; } = 1;

    /// <summary>Gets or sets the registered model that is asked once when the repairs have failed.</summary>
    /// <value><see langword="null"/> by default, for none.</value>
    public string? EscalateTo { get; set; }

    /// <summary>Gets or sets the answer when all else has failed.</summary>
    /// <value><see langword="null"/> by default: the answer is blocked.</value>
    public string? FallbackAnswer { get; set; }
}
