namespace Quickstart;

/// <summary>One call site of the desk.</summary>
/// <param name="Name">The feature's name in requests.</param>
/// <param name="Task">What the system prompt asks for.</param>
/// <param name="MaxOutputTokens">The most tokens that an answer may have.</param>
/// <param name="IsShared">
/// Whether all customers of a tenant get the same answers. Its system prompt then names no customer, and a cached answer may serve
/// another user of the tenant.
/// </param>
/// <param name="NeedsStrongModel">Whether the strong model answers, and not the small one.</param>
/// <param name="OffersTools">Whether the model may call the order tools.</param>
/// <param name="WantsJson">Whether the answer is a JSON object.</param>
internal sealed record Feature(
    string Name,
    string Task,
    int MaxOutputTokens,
    bool IsShared = false,
    bool NeedsStrongModel = false,
    bool OffersTools = false,
    bool WantsJson = false);
