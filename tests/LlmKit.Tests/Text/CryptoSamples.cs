namespace LlmKit.Tests.Text;

/// <summary>Addresses that the standards themselves give as examples; nobody's wallet.</summary>
internal static class CryptoSamples
{
    /// <summary>The address of the first block of Bitcoin, whose coins cannot be spent.</summary>
    public const string KeyHash = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa";

    /// <summary>BIP 173, version 0 with 20 bytes.</summary>
    public const string Segwit = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";

    /// <summary>BIP 350, version 1 with 32 bytes.</summary>
    public const string Taproot = "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0";

    /// <summary>EIP-55.</summary>
    public const string Ethereum = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
}
