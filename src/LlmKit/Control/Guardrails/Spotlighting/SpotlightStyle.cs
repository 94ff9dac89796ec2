namespace LlmKit;

/// <summary>How texts of strangers are marked as such for the model.</summary>
/// <remarks>After Hines et al., "Defending Against Indirect Prompt Injection Attacks With Spotlighting" (2024): the stronger the mark, the more a model must be able to read through it.</remarks>
public enum SpotlightStyle
{
    /// <summary>The text stands between two marks that it cannot contain. The default.</summary>
    Delimit = 0,

    /// <summary>A sign stands in the place of all white space, beside the two marks.</summary>
    Datamark,

    /// <summary>The text is written in Base64, beside the two marks. For large models only.</summary>
    Encode,
}
