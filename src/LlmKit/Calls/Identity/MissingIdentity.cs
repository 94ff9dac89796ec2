namespace LlmKit;

/// <summary>What a rule for each tenant, user or feature does with a call that does not say whose it is.</summary>
public enum MissingIdentity
{
    /// <summary>The call is refused: nothing escapes the rule. The default.</summary>
    Refuse = 0,

    /// <summary>All such calls share one account of the rule.</summary>
    Share,

    /// <summary>The rule does not apply to the call.</summary>
    Skip,
}
