namespace LlmKit.Internal.RateLimiting.Accounts;

/// <summary>Names what shares the room under a limit.</summary>
/// <param name="Limit">The limit's name, in lower case.</param>
/// <param name="Scope">What shares it.</param>
/// <param name="Value">The tenant, the user, the model; empty for all.</param>
internal readonly record struct RateAccountKey(string Limit, RateLimitScope Scope, string Value);
