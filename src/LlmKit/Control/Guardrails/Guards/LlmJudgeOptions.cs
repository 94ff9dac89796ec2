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

    internal void Check()
    {
        if (!(BlockAt > 0) || !(FlagAt > 0))
            throw new LlmConfigurationException([$"The scores '{BlockAt}' and '{FlagAt}' of a judge must be above 0, else everything is blocked. Set LlmJudgeOptions.BlockAt and FlagAt."]);
    }
}
