namespace LlmKit;

/// <summary>How a judge is asked and how its score counts.</summary>
/// <remarks>Settings, read once when the judge is made.</remarks>
public sealed class LlmJudgeOptions
{
    /// <summary>Gets or sets the score from which a text is blocked.</summary>
    /// <value>0.7 by default; above 0, to 1. A value above 1 never blocks.</value>
    public double BlockAt { get; set; } = 0.7;

    /// <summary>Gets or sets the score from which a text is flagged.</summary>
    /// <value>0.4 by default; above 0.</value>
    public double FlagAt { get; set; } = 0.4;

    /// <summary>Gets or sets whether the judge sees the user's last message beside the text.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool WithQuestion { get; set; }

    /// <summary>Gets or sets the temperature that the judge is asked with.</summary>
    /// <value>0 by default; a model that takes none (<see cref="ModelOptions.SamplingParameters"/>) is sent none. <see langword="null"/> leaves it open.</value>
    public float? Temperature { get; set; } = 0;

    /// <summary>Gets or sets the most tokens of the judge's reply.</summary>
    /// <value>200 by default; 1 or more. A model that reasons before it answers needs more: a reply that is cut off is no verdict.</value>
    public int MaxOutputTokens { get; set; } = 200;

    internal void Check()
    {
        if (MaxOutputTokens < 1)
            throw new LlmConfigurationException([$"The judge's reply may have '{MaxOutputTokens}' tokens. Set LlmJudgeOptions.MaxOutputTokens to 1 or more, such as 200."]);
        if (!(BlockAt > 0) || !(FlagAt > 0))
            throw new LlmConfigurationException([$"The scores '{BlockAt}' and '{FlagAt}' of a judge must be above 0, else everything is blocked. Set LlmJudgeOptions.BlockAt and FlagAt."]);
    }
}
