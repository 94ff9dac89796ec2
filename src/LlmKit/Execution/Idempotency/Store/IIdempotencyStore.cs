namespace LlmKit.Execution.Idempotency;

/// <summary>Where the outcomes of calls with an idempotency key are kept.</summary>
/// <remarks>
/// Implementations are thread-safe and do not block. What is kept is opaque: write it and give it back as it is. It holds the answer in clear, as the model
/// gave it, and no request. Register one as a service before the pipeline is built, such as <see cref="DistributedIdempotencyStore"/>;
/// without one each pipeline keeps outcomes in memory.
/// </remarks>
public interface IIdempotencyStore
{
    /// <summary>Finds what was kept under a key.</summary>
    /// <param name="key">The key: a hash of pipeline, tenant, user and the caller's own key, safe as a file or column name.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>What was kept, or <see langword="null"/> for nothing, or nothing any more.</returns>
    ValueTask<byte[]?> FindAsync(string key, CancellationToken cancellationToken);

    /// <summary>Keeps an outcome, in the place of an earlier one under the same key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="outcome">What to keep. Do not change it.</param>
    /// <param name="window">How long to keep it.</param>
    /// <param name="cancellationToken">Ends the attempt to keep it.</param>
    /// <returns>Whether it is kept; <see langword="false"/> when it is too large for the store.</returns>
    ValueTask<bool> SaveAsync(string key, byte[] outcome, TimeSpan window, CancellationToken cancellationToken);
}
