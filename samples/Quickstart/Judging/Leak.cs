namespace Quickstart;

/// <summary>One value in one place where it does not belong; the value itself is not repeated here.</summary>
/// <param name="Kind">What leaked to whom.</param>
/// <param name="Place">The index of the body that the provider received, or the id of the request that was answered.</param>
internal sealed record Leak(LeakKind Kind, int Place);
