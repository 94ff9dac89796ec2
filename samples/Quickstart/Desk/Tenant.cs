namespace Quickstart;

/// <summary>One shop that the desk works for.</summary>
/// <param name="Name">The tenant's name in requests.</param>
/// <param name="Shop">The name that customers know.</param>
/// <param name="Manner">How the shop speaks.</param>
/// <param name="Confidential">A phrase of the system prompt that no customer of any tenant may ever see.</param>
/// <param name="IsShortOfMoney">Whether the tenant's daily limit is too small for its requests, so that late ones are rightly refused.</param>
internal sealed record Tenant(string Name, string Shop, string Manner, string Confidential, bool IsShortOfMoney = false);
