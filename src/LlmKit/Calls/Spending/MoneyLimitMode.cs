namespace LlmKit.Calls;

/// <summary>What an attempt has lost whose call did not come through a limit on money.</summary>
internal enum MoneyLimitMode
{
    /// <summary>Nothing: no money is limited.</summary>
    None = 0,

    /// <summary>A limit that only records.</summary>
    Observed,

    /// <summary>A limit that refuses.</summary>
    Enforced,
}
