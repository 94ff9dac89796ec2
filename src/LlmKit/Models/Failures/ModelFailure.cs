namespace LlmKit.Models;

/// <summary>What is known of one failed attempt: its kind, the provider's own words for it, and when to come back.</summary>
/// <remarks>Immutable. It holds codes and numbers only, never a text that the provider wrote: such texts may echo a prompt or a key.</remarks>
public sealed record ModelFailure
{
    /// <summary>Gets why the attempt failed.</summary>
    public required ModelFailureKind Kind { get; init; }

    /// <summary>Gets the HTTP status, or <see langword="null"/> when there was none (no connection, a broken stream).</summary>
    public int? Status { get; init; }

    /// <summary>Gets the provider's short code, such as <c>rate_limit_exceeded</c> or <c>overloaded_error</c>.</summary>
    public string? ProviderCode { get; init; }

    /// <summary>Gets how long the provider asks to wait before the next try, or <see langword="null"/> when it did not say.</summary>
    /// <value>0 to 30 days in what an edge has seen.</value>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Gets the registered name of the model that failed, or <see langword="null"/> before an edge has seen the failure.</summary>
    public string? Model { get; init; }

    /// <summary>Gets whether a later try of the same request may succeed.</summary>
    /// <value><see langword="true"/> for <see cref="ModelFailureKind.RateLimited"/>, <see cref="ModelFailureKind.Overloaded"/>,
    /// <see cref="ModelFailureKind.Timeout"/>, <see cref="ModelFailureKind.Transient"/> and <see cref="ModelFailureKind.Truncated"/>.</value>
    public bool IsTransient => Kind is ModelFailureKind.RateLimited or ModelFailureKind.Overloaded
        or ModelFailureKind.Timeout or ModelFailureKind.Transient or ModelFailureKind.Truncated;

    /// <summary>Gets whether repeating it was given up so that an outage does not multiply the load: nobody further out may ask again at once.</summary>
    internal bool IsGivenUp { get; init; }

    /// <summary>Gives the kind that a bare HTTP status means, for a provider whose error body says no more.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <returns>The kind; <see cref="ModelFailureKind.Unknown"/> for a status that is not an error.</returns>
    public static ModelFailureKind KindOf(int status) => HttpFailures.KindOf(status);
}
