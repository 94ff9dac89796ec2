namespace LlmKit.Testing.Contracts;

/// <summary>What one check found.</summary>
internal sealed class ContractBrokenException(string message) : Exception(message)
{
    public static void Unless(bool kept, string message)
    {
        if (!kept)
            throw new ContractBrokenException(message);
    }
}
