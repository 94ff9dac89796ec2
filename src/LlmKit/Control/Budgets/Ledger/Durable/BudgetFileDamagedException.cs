namespace LlmKit;

/// <summary>The file of a budget's ledger is damaged, so that nobody knows what was spent. It was not changed.</summary>
public sealed class BudgetFileDamagedException : LlmException
{
    internal BudgetFileDamagedException(string path, long offset, string what)
        : base($"The budget's file '{path}' is damaged at byte {offset}: {what}. Restore it from a backup, or move it away to begin with nothing spent.")
    {
        Offset = offset;
    }

    /// <summary>Gets where in the file the damage was found, in bytes.</summary>
    public long Offset { get; }
}
