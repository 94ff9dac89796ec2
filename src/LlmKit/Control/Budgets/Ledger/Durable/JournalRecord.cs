namespace LlmKit.Control.Budgets.Ledger.Durable;

/// <summary>What a record of the journal says. The numbers are the file's format and never change.</summary>
internal enum JournalRecord : byte
{
    /// <summary>An account, named by the order in which accounts come.</summary>
    Account = 1,

    /// <summary>An amount is reserved on accounts.</summary>
    Reserved = 2,

    /// <summary>A reservation is settled.</summary>
    Settled = 3,

    /// <summary>An amount was spent on an account: what a compaction leaves of many records.</summary>
    Spent = 4,
}
