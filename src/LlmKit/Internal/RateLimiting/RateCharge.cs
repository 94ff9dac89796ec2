using LlmKit.Internal.RateLimiting.Accounts;

namespace LlmKit.Internal.RateLimiting;

/// <summary>A limit that something must pass, for a value of its scope.</summary>
/// <param name="Rule">The limit.</param>
/// <param name="Account">The account.</param>
internal readonly record struct RateCharge(RateRule Rule, RateAccountKey Account);
