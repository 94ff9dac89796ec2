namespace LlmKit;

/// <summary>What happens to an attempt when the ledger cannot reserve its money.</summary>
public enum WhenLedgerFails
{
    /// <summary>The attempt is refused: nothing is spent that nobody counts. The default.</summary>
    Refuse = 0,

    /// <summary>The attempt is made, and recorded as not evaluated.</summary>
    Allow,
}
