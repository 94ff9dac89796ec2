namespace Evaluate;

/// <summary>One request that both models answered.</summary>
/// <param name="Prompt">The prompt.</param>
/// <param name="Strong">Whether the strong model was right.</param>
/// <param name="Weak">Whether the weak one was.</param>
/// <param name="Draft">What the weak model answered; nothing if that was not kept.</param>
/// <param name="Subject">The call site; nothing if there is but one.</param>
internal sealed record RouteRow(string Prompt, bool Strong, bool Weak, string? Draft, string? Subject);
