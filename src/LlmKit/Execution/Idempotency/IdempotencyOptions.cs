namespace LlmKit;

/// <summary>The settings of idempotency: how long a key is good for, and whether equal calls at the same time are one.</summary>
/// <remarks>
/// Change them only while the pipeline is being configured. Bound from <c>LlmKit:&lt;pipeline&gt;:Idempotency</c>; configuration wins over code.
/// What rails remove from a request is hashed under a key of the process. Where a shared store holds an answer to a request from which another
/// process had removed something, nobody can tell whether it was this one: the call is recorded as not evaluated, made again and not replayed,
/// whatever <see cref="WhenStoreFails"/> says.
/// </remarks>
public sealed class IdempotencyOptions
{
    /// <summary>Gets or sets how long the same key gives the same answer, counted from when the answer was complete.</summary>
    /// <value>1 second to 30 days; 24 hours by default.</value>
    public TimeSpan Window { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Gets or sets whether calls without a key that are equal, and made for the same tenant and user at the same time, are one: the later ones wait for the answer of the first.</summary>
    /// <value>
    /// <see langword="false"/> by default: who asks for the same thing several times may want several answers. A call that
    /// <see cref="LlmCacheDirectives.NoRead"/> forbids to take a stored answer is never joined to another either.
    /// </value>
    public bool Coalesce { get; set; }

    /// <summary>Gets or sets how many answers are kept in memory; beyond it the oldest are dropped. A store of one's own has its own bounds.</summary>
    /// <value>1 or more; 10,000 by default.</value>
    public int MaxEntries { get; set; } = 10_000;

    /// <summary>Gets or sets how many bytes of answers are kept in memory; beyond it the oldest are dropped.</summary>
    /// <value>
    /// 1,024 or more; 64 MiB by default. An answer that alone is larger is not remembered. A stream that grows larger is kept in no store: who
    /// is reading it gets all of it, and who comes later asks anew.
    /// </value>
    public long MaxBytes { get; set; } = 64L * 1_024 * 1_024;

    /// <summary>Gets or sets how long a call waits for the store.</summary>
    /// <value>Above 0 and at most 1 minute; 2 seconds by default.</value>
    public TimeSpan StoreTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets or sets what happens to a call when the store cannot say whether it was made before.</summary>
    /// <value><see cref="WhenStoreFails.Proceed"/> by default.</value>
    public WhenStoreFails WhenStoreFails { get; set; }
}
